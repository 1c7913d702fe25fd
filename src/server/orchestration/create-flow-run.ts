import type { Db } from "../../db/database.ts";
import { findFlowRunByKey, insertFlowRun, type LockedFlowRun, lockFlowRun } from "../../db/repositories/flow-runs.ts";
import { findFlow } from "../../db/repositories/flows.ts";
import type { Client } from "../../domain/orchestration/facts.ts";
import type { StateFields } from "../../domain/orchestration/states.ts";
import { runName } from "../../domain/run-name.ts";
import { parseJson } from "../../kit/json.ts";
import type { ServerContext } from "../context.ts";
import { IntegrityConflict } from "../errors.ts";
import { flowRunView } from "../views/flow-run.ts";
import { announce, type Outcome, orchestrateFlowRun } from "./set-flow-run-state.ts";

/** A flow run to be made. JSON parts are values, not text. */
export interface FlowRunDraft {
  readonly flow_id: string;
  readonly name?: string | null;
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
  /** Labels of the deployment when there is one; the flow's are taken otherwise. */
  readonly parentLabels?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, unknown>> | null;
  readonly created_by?: unknown;
  readonly parent_task_run_id?: string | null;
  readonly infrastructure_document_id?: string | null;
  readonly job_variables?: unknown;
  readonly auto_scheduled?: boolean;
  readonly client: Client;
}

export interface CreatedFlowRun {
  /** `FlowRunResponse`. */
  readonly run: ReturnType<typeof flowRunView>;
  /** False when the flow already had a run with that idempotency key: that one is given. */
  readonly isNew: boolean;
}

/** Makes a run with its first state and that state's event, in a transaction of its own. */
export async function createFlowRun(ctx: ServerContext, draft: FlowRunDraft): Promise<CreatedFlowRun> {
  const { created, outcome } = await ctx.db.write((tx) => createFlowRunIn(ctx, tx, draft));
  if (outcome) announce(ctx, outcome);
  return created;
}

/** The same within the caller's transaction; the caller announces the outcome after its commit. */
export async function createFlowRunIn(
  ctx: ServerContext,
  tx: Db,
  draft: FlowRunDraft,
): Promise<{ readonly created: CreatedFlowRun; readonly outcome: Outcome | undefined }> {
  const flow = await findFlow(tx, draft.flow_id);
  if (!flow) throw IntegrityConflict(undefined);
  const id = ctx.ids.next();
  const isNew = await insertFlowRun(tx, newRow(ctx, { draft, id, flowLabels: flow.labels }));
  if (!isNew) {
    const key = { flow_id: draft.flow_id, idempotency_key: draft.idempotency_key ?? "" };
    const existing = await findFlowRunByKey(tx, key);
    if (!existing) throw IntegrityConflict(undefined);
    return { created: { run: flowRunView(existing, ctx.clock.now()), isNew }, outcome: undefined };
  }
  const row = (await lockFlowRun(tx, id)) as LockedFlowRun;
  if (draft.state === null) return { created: { run: flowRunView(row, ctx.clock.now()), isNew }, outcome: undefined };
  const proposal = { row, state: draft.state, force: true, client: draft.client };
  const { outcome } = await orchestrateFlowRun(ctx, tx, proposal);
  const written = (await lockFlowRun(tx, id)) as LockedFlowRun;
  return { created: { run: flowRunView(written, ctx.clock.now()), isNew }, outcome };
}

function newRow(ctx: ServerContext, from: { draft: FlowRunDraft; id: string; flowLabels: string | null }) {
  const { draft, id } = from;
  const now = ctx.db.dialect.timestamp(ctx.clock.now());
  const json = (value: unknown) => JSON.stringify(value);
  return {
    id,
    created: now,
    updated: now,
    name: draft.name || runName(Math.random),
    flow_id: draft.flow_id,
    deployment_id: draft.deployment_id ?? null,
    deployment_version: draft.deployment_version ?? null,
    work_queue_id: draft.work_queue_id ?? null,
    work_queue_name: draft.work_queue_name ?? null,
    flow_version: draft.flow_version ?? null,
    parameters: json(draft.parameters ?? {}),
    idempotency_key: draft.idempotency_key ?? null,
    context: json(draft.context ?? {}),
    empirical_policy: json(draft.empirical_policy),
    tags: json(draft.tags ?? []),
    labels: json(runLabels(draft, from.flowLabels)),
    created_by: draft.created_by === undefined || draft.created_by === null ? null : json(draft.created_by),
    parent_task_run_id: draft.parent_task_run_id ?? null,
    infrastructure_document_id: draft.infrastructure_document_id ?? null,
    job_variables: json(draft.job_variables ?? {}),
    auto_scheduled: draft.auto_scheduled ?? false,
  };
}

/** Inherited labels, then the system's, then the user's own, which win. */
function runLabels(draft: FlowRunDraft, flowLabels: string | null): Record<string, unknown> {
  const inherited = draft.parentLabels ?? (flowLabels === null ? {} : (parseJson(flowLabels) as object));
  return {
    ...inherited,
    "prefect.flow.id": draft.flow_id,
    ...(draft.deployment_id ? { "prefect.deployment.id": draft.deployment_id } : {}),
    ...draft.labels,
  };
}
