import type { LockedFlowRun } from "../../db/repositories/flow-runs.ts";
import type { RunSurroundings } from "../../db/repositories/run-surroundings.ts";
import type { Row } from "../../db/tables.ts";
import type { Client } from "../../domain/orchestration/facts.ts";
import type { StateFields } from "../../domain/orchestration/states.ts";
import { runName } from "../../domain/run-name.ts";
import { parseJson } from "../../kit/json.ts";
import type { ServerContext } from "../context.ts";

/** A flow run to be made. JSON parts are values, not text. */
export interface FlowRunDraft {
  readonly flow_id: string;
  readonly name?: string | null;
  /** Null makes a run without a state. */
  readonly state: StateFields | null;
  readonly deployment_id?: string | null;
  readonly deployment_version?: string | null;
  readonly work_queue_id?: string | null;
  readonly work_queue_name?: string | null;
  readonly flow_version?: string | null;
  readonly parameters?: unknown;
  readonly idempotency_key?: string | null;
  readonly context?: unknown;
  readonly empirical_policy: unknown;
  readonly tags?: readonly string[];
  readonly labels?: Readonly<Record<string, unknown>> | null;
  readonly created_by?: unknown;
  readonly parent_task_run_id?: string | null;
  readonly infrastructure_document_id?: string | null;
  readonly job_variables?: unknown;
  readonly auto_scheduled?: boolean;
  readonly client: Client;
}

/** The draft as the row it will become, not yet in any state. */
export function draftRow(
  ctx: ServerContext,
  from: { readonly draft: FlowRunDraft; readonly flow: Row<"flow">; readonly surroundings: RunSurroundings },
): LockedFlowRun {
  const { draft, flow, surroundings } = from;
  const now = ctx.clock.now();
  const json = (value: unknown, empty: string) =>
    value === undefined || value === null ? empty : JSON.stringify(value);
  return {
    ...surroundings,
    ...NO_STATE,
    id: ctx.ids.next(),
    created: now,
    updated: now,
    name: draft.name || runName(Math.random),
    flow_id: draft.flow_id,
    flow_name: flow.name,
    flow_tags: flow.tags,
    deployment_id: draft.deployment_id ?? null,
    deployment_version: draft.deployment_version ?? null,
    work_queue_id: draft.work_queue_id ?? null,
    work_queue_name: draft.work_queue_name ?? null,
    flow_version: draft.flow_version ?? null,
    parameters: json(draft.parameters, "{}"),
    idempotency_key: draft.idempotency_key ?? null,
    context: json(draft.context, "{}"),
    empirical_policy: JSON.stringify(draft.empirical_policy),
    tags: json(draft.tags, "[]"),
    labels: JSON.stringify(runLabels(draft, surroundings.deployment_labels ?? flow.labels)),
    created_by: draft.created_by ? JSON.stringify(draft.created_by) : null,
    parent_task_run_id: draft.parent_task_run_id ?? null,
    infrastructure_document_id: draft.infrastructure_document_id ?? null,
    infrastructure_pid: null,
    // As in the reference, where only runs without a key get the column's default.
    job_variables: draft.idempotency_key ? jsonOrNull(draft.job_variables) : json(draft.job_variables, "{}"),
    auto_scheduled: draft.auto_scheduled ?? false,
  };
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

const NO_STATE = {
  state_id: null,
  state_type: null,
  state_name: null,
  state_timestamp: null,
  current_state_timestamp: null,
  state_message: null,
  state_details: null,
  state_data: null,
  result_data: null,
  run_count: 0,
  expected_start_time: null,
  next_scheduled_start_time: null,
  start_time: null,
  end_time: null,
  total_run_time: 0,
} as const;

/** Inherited labels, then the system's, then the user's own, which win. */
function runLabels(draft: FlowRunDraft, inherited: string | null): Record<string, unknown> {
  return {
    ...(inherited === null ? {} : (parseJson(inherited) as object)),
    "prefect.flow.id": draft.flow_id,
    ...(draft.deployment_id ? { "prefect.deployment.id": draft.deployment_id } : {}),
    ...draft.labels,
  };
}
