import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { parseJson } from "../../kit/json.ts";
import type { Db } from "../database.ts";
import { hasTable } from "../dialects/catalog.ts";
import { untilDone } from "./batches.ts";
import type { Migration, Step } from "./step.ts";
import { createTable, dropTable } from "./steps/tables.ts";
import {
  boolean,
  emptyArray,
  identity,
  optional,
  references,
  table,
  text,
  uuid,
  withDefault,
} from "./table-definition.ts";

const POLICIES = "flow_run_notification_policy";
const QUEUE = "flow_run_notification_queue";
const BATCH_ROWS = 100;

interface Policy {
  readonly id: string;
  readonly is_active: boolean | number;
  readonly state_names: string;
  readonly tags: string;
  readonly message_template: string | null;
  readonly block_document_id: string;
}

/** What a policy's own placeholders are called in the template of an automation. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  flow_run_notification_policy_id: "Event ID {{ event.id }}",
  flow_id: "{{ flow.id }}",
  flow_name: "{{ flow.name }}",
  flow_run_url: "{{ flow_run|ui_url }}",
  flow_run_id: "{{ flow_run.id }}",
  flow_run_name: "{{ flow_run.name }}",
  flow_run_parameters: "{{ flow_run.parameters }}",
  flow_run_state_type: "{{ flow_run.state.type }}",
  flow_run_state_name: "{{ flow_run.state.name }}",
  flow_run_state_timestamp: "{{ flow_run.state.timestamp }}",
  flow_run_state_message: "{{ flow_run.state.message }}",
};

const DEFAULT_BODY = `
{{ flow.name }}/{{ flow_run.name }} is {{ flow_run.state.name }} since {{ flow_run.state.timestamp }}.
{{ flow_run.state.message }}
{{ flow_run|ui_url }}
Flow {{ flow_run.flow_id }}, run {{ flow_run.id }}
`;

const convertPolicies: Step = {
  title: "Turn notification policies into automations",
  table: POLICIES,
  run: (stage) => untilDone(stage, convertBatch),
};

async function convertBatch(tx: Db): Promise<number> {
  if (!(await hasTable(tx, POLICIES))) return 0;
  const { rows } = await sql<Policy>`
    select id, is_active, state_names, tags, message_template, block_document_id
    from flow_run_notification_policy order by id limit ${sql.lit(BATCH_ROWS)}`.execute(tx);
  for (const policy of rows) {
    await tx.insertInto("automation").values(automationOf(policy)).execute();
    await sql`delete from flow_run_notification_policy where id = ${policy.id}`.execute(tx);
  }
  return rows.length;
}

function automationOf(policy: Policy) {
  const states = parseJson(policy.state_names) as string[];
  const tags = parseJson(policy.tags) as string[];
  const resources = { "prefect.resource.id": tags.map((tag) => `prefect.tag.${tag}`), "prefect.resource.role": "tag" };
  const trigger = {
    id: randomUUID(),
    type: "event",
    after: [],
    match: { "prefect.resource.id": "prefect.flow-run.*" },
    expect: [...new Set(states.length > 0 ? states : ["*"])].map((state) => `prefect.flow-run.${state}`),
    within: 10,
    posture: "Reactive",
    for_each: ["prefect.resource.id"],
    threshold: 1,
    match_related: tags.length > 0 ? resources : {},
  };
  const action = {
    body: policy.message_template ? templateOf(policy.message_template) : DEFAULT_BODY,
    type: "send-notification",
    subject: "Prefect flow run notification",
    block_document_id: policy.block_document_id,
  };
  return {
    name: "Flow Run State Change Notification",
    description: "Migrated from a flow run notification policy",
    enabled: Boolean(policy.is_active),
    trigger: JSON.stringify(trigger),
    actions: JSON.stringify([action]),
  };
}

/** Python's `str.format` for plain names: `{name}` is replaced, doubled braces stand for one. */
function templateOf(message: string): string {
  return message.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name?: string) => {
    if (name === undefined) return found.slice(1);
    return PLACEHOLDERS[name] ?? found;
  });
}

const policyTable = table(
  POLICIES,
  {
    ...identity,
    is_active: withDefault(boolean(), "'1'", "true"),
    state_names: emptyArray(),
    tags: emptyArray(),
    message_template: optional(text()),
    block_document_id: references(uuid(), "block_document", {
      onDelete: "CASCADE",
      name: { postgres: "fk_flow_run_notification_policy__block_document_id__blo_b927" },
    }),
  },
  { indexes: { ix_flow_run_notification_policy__updated: "updated" } },
);

const queueTable = table(
  QUEUE,
  { ...identity, flow_run_notification_policy_id: uuid(), flow_run_state_id: uuid() },
  { indexes: { ix_flow_run_notification_queue__updated: "updated" } },
);

export const notificationsToAutomations: Migration = {
  title: "Send notifications by automations",
  revision: { sqlite: "7655f31c5157", postgres: "4160a4841eed" },
  up: [convertPolicies, dropTable(QUEUE), dropTable(POLICIES)],
  down: [createTable(QUEUE, queueTable), createTable(POLICIES, policyTable)],
};
