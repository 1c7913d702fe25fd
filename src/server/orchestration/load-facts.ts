import type { Db } from "../../db/database.ts";
import { type ConcurrencyLimitRow, lockConcurrencyLimits } from "../../db/repositories/concurrency-limits.ts";
import { listFlowRunStateTimestamps } from "../../db/repositories/flow-run-states.ts";
import { findFlowRun, type LockedFlowRun } from "../../db/repositories/flow-runs.ts";
import { hasLease } from "../../db/repositories/leases.ts";
import { lockLegacyLimits } from "../../db/repositories/legacy-concurrency-limits.ts";
import { findCachedState } from "../../db/repositories/task-state-cache.ts";
import { occupiedSlots } from "../../domain/concurrency/slots.ts";
import type {
  ConcurrencyLimitFact,
  DeploymentFact,
  FactName,
  Facts,
  FlowRunColumns,
  TagLimitFact,
  TaskRunColumns,
} from "../../domain/orchestration/facts.ts";
import type { Intent } from "../../domain/orchestration/rule.ts";
import { parseJson } from "../../kit/json.ts";
import type { ServerContext } from "../context.ts";
import { currentState } from "./flow-run-subject.ts";
import { stateOf } from "./stored-state.ts";

type MutableFacts = { -readonly [K in keyof Facts]?: Facts[K] };

/** Loads the named facts under the run's lock. */
export async function loadFlowFacts(
  ctx: ServerContext,
  tx: Db,
  wanted: {
    readonly names: ReadonlySet<FactName>;
    readonly row: LockedFlowRun;
    readonly intent: Intent<FlowRunColumns>;
  },
): Promise<Partial<Facts>> {
  const { names, row, intent } = wanted;
  const facts: MutableFacts = {};
  if (names.has("stateTimestamps")) {
    const from = ctx.db.dialect.timestamp(intent.proposed.timestamp);
    facts.stateTimestamps = await listFlowRunStateTimestamps(tx, { flow_run_id: row.id, from });
  }
  if (names.has("deployment")) facts.deployment = await loadDeployment(ctx, tx, row);
  if (names.has("hasDeploymentLease")) {
    const leaseId = intent.initial?.state_details.deployment_concurrency_lease_id;
    facts.hasDeploymentLease = leaseId ? await hasLease(tx, leaseId) : false;
  }
  return facts;
}

async function loadDeployment(ctx: ServerContext, tx: Db, row: LockedFlowRun): Promise<DeploymentFact | null> {
  const { deployment_id: id, deployment_name, deployment_limit_id, deployment_options } = row;
  if (id === null || deployment_name === null) return null;
  const limits = deployment_limit_id === null ? [] : await lockConcurrencyLimits(tx, { ids: [deployment_limit_id] });
  const now = ctx.clock.now();
  return {
    id,
    concurrency_limit: limits[0] === undefined ? null : limitFact(limits[0], now),
    concurrency_options:
      deployment_options === null ? null : (parseJson(deployment_options) as DeploymentFact["concurrency_options"]),
  };
}

function limitFact(limit: ConcurrencyLimitRow, now: string): ConcurrencyLimitFact {
  const { id, active, limit: size, active_slots } = limit;
  return { id, active, limit: size, active_slots, occupiedSlots: occupiedSlots(limit, now) };
}

/** The same for a task run. */
export async function loadTaskFacts(
  ctx: ServerContext,
  tx: Db,
  wanted: { readonly names: ReadonlySet<FactName>; readonly intent: Intent<TaskRunColumns> },
): Promise<Partial<Facts>> {
  const { names, intent } = wanted;
  const { run, proposed } = intent;
  const facts: MutableFacts = {};
  if (names.has("cachedState")) {
    const now = ctx.db.dialect.timestamp(ctx.clock.now());
    const found = await findCachedState(tx, { cache_key: proposed.state_details.cache_key ?? "", now });
    facts.cachedState = found === undefined ? null : stateOf(found);
  }
  if (names.has("flowRun")) facts.flowRun = await loadFlowRun(tx, run.flow_run_id);
  if (names.has("tagLimits")) facts.tagLimits = await loadTagLimits(ctx, tx, run.tags);
  return facts;
}

async function loadFlowRun(tx: Db, id: string | null): Promise<Facts["flowRun"]> {
  const row = id === null ? undefined : await findFlowRun(tx, id);
  return row === undefined ? null : { id: row.id, run_count: row.run_count, state: currentState(row) };
}

const TAG = "tag:";

async function loadTagLimits(ctx: ServerContext, tx: Db, tags: readonly string[]): Promise<Facts["tagLimits"]> {
  const rows = await lockConcurrencyLimits(tx, { names: tags.map((tag) => TAG + tag) });
  const now = ctx.clock.now();
  const current = rows.map((row): TagLimitFact => {
    const { avg_slot_occupancy_seconds } = row;
    return { ...limitFact(row, now), tag: row.name.slice(TAG.length), avg_slot_occupancy_seconds };
  });
  return { current, legacy: await lockLegacyLimits(tx, tags) };
}
