import { type Decision, decide } from "../../../src/domain/orchestration/decide.ts";
import type { Effect } from "../../../src/domain/orchestration/effects.ts";
import type {
  Facts,
  FlowRunColumns,
  State,
  StateDetails,
  TaskRunColumns,
} from "../../../src/domain/orchestration/facts.ts";
import {
  BackgroundTaskPolicy,
  ClientSideTaskPolicy,
  CoreFlowPolicy,
  CoreTaskPolicy,
  MarkLateRunsPolicy,
  MinimalFlowPolicy,
  MinimalTaskPolicy,
} from "../../../src/domain/orchestration/policies.ts";
import { factsFor, type Policy } from "../../../src/domain/orchestration/rule.ts";
import { newState } from "../../../src/domain/orchestration/states.ts";
import { secondsBetween, type Timestamp } from "../../../src/kit/timestamp.ts";
import type { CaseState, FlowCase, TaskCase } from "./reference-cases.ts";
import { at, countingIds, flowRun, NOW, SETTINGS, taskRun } from "./support.ts";

const TIMES = ["scheduled_time", "cache_expiration", "pause_timeout"] as const;
const RUN_TIMES = [
  "state_timestamp",
  "start_time",
  "end_time",
  "expected_start_time",
  "next_scheduled_start_time",
] as const;
const FLOW_POLICIES: Readonly<Record<string, Policy<FlowRunColumns>>> = {
  core: CoreFlowPolicy,
  minimal: MinimalFlowPolicy,
  late: MarkLateRunsPolicy,
};
const TASK_POLICIES: Readonly<Record<string, Policy<TaskRunColumns>>> = {
  core: CoreTaskPolicy,
  "client-side": ClientSideTaskPolicy,
  minimal: MinimalTaskPolicy,
};

/** Decides a case and carries its effects out on plain values; answers in the oracle's terms. */
export function playCase(item: FlowCase | TaskCase): Record<string, unknown> {
  return item.kind === "flow" ? playFlow(item) : playTask(item);
}

function playFlow(item: FlowCase): Record<string, unknown> {
  const initial = item.from && entered(item.from, "current");
  const run = flowRun({
    ...item.run,
    ...stateColumns(initial),
    start_time: time(item.run.start_time),
    end_time: time(item.run.end_time),
    expected_start_time: time(item.run.expected_start_time),
    empirical_policy: item.run.empirical_policy as never,
    deployment_id: item.deployment && "deployment",
    parent_task_run_id: item.isSubflow ? "parent" : null,
  });
  const limit = item.deployment?.concurrency_limit ?? null;
  const hasLease = item.lease && limit !== null;
  const available: Facts = {
    deployment: item.deployment && {
      id: "deployment",
      concurrency_limit: limit && { ...limit, id: "limit", occupiedSlots: limit.active_slots },
      concurrency_options: item.deployment.concurrency_options,
    },
    hasDeploymentLease: hasLease && initial?.state_details.deployment_concurrency_lease_id === "lease",
    cachedState: null,
    flowRun: null,
    tagLimits: { current: [], legacy: [] },
    stateTimestamps: [],
  };
  const decision = ask(FLOW_POLICIES[item.policy] ?? CoreFlowPolicy, { run, initial, item, available });

  const slots = { active: limit?.active_slots ?? null, leases: new Set(hasLease ? ["lease"] : []) };
  const inputs = new Set(item.inputs);
  let parent: unknown = null;
  for (const effect of decision.effects) {
    applyToSlots(effect, slots);
    if (effect.kind === "delete-flow-run-inputs") for (const key of effect.keys) inputs.delete(key);
    if (effect.kind === "mirror-subflow-state") {
      parent = [effect.state.type, effect.state.name, effect.state.state_details.child_flow_run_id];
    }
  }
  return {
    ...common(decision, run, initial),
    inputs: [...inputs].sort(),
    active_slots: slots.active,
    leases: [...slots.leases].map(newName).sort(),
    ...(item.isSubflow && { parent }),
    events: decision.effects.flatMap((effect) =>
      effect.kind === "emit-flow-run-event" ? [`prefect.flow-run.${effect.state.name}`] : [],
    ),
  };
}

function applyToSlots(effect: Effect, slots: { active: number | null; leases: Set<string> }): void {
  if (effect.kind === "take-slots") {
    slots.active = (slots.active ?? 0) + 1;
    slots.leases.add(effect.leaseId);
  }
  if (effect.kind === "forget-lease") slots.leases.delete(effect.leaseId);
  if (effect.kind === "release-deployment-slot" && slots.active !== null) {
    if (effect.leaseId !== null) slots.leases.delete(effect.leaseId);
    slots.active = Math.max(0, slots.active - 1);
  }
}

function playTask(item: TaskCase): Record<string, unknown> {
  const initial = item.from && entered(item.from, "current");
  const run = taskRun({
    ...item.run,
    ...stateColumns(initial),
    empirical_policy: item.run.empirical_policy as never,
    flow_run_id: item.flowRun && "enclosing",
  });
  const tagged = <T extends object>(rows: Readonly<Record<string, T>>) =>
    item.run.tags.flatMap((tag) => (rows[tag] ? [{ ...rows[tag], tag }] : []));
  const { cache_key } = item.to.state_details ?? {};
  const available: Facts = {
    deployment: null,
    hasDeploymentLease: false,
    cachedState: cache_key && item.cached ? entered(item.cached, "cached-state") : null,
    flowRun: item.flowRun && {
      id: "enclosing",
      run_count: item.flowRun.run_count,
      state: item.flowRun.state && entered(item.flowRun.state, "enclosing-state"),
    },
    tagLimits: {
      current: tagged(item.limits).map((limit) => ({ ...limit, id: limit.tag, occupiedSlots: limit.active_slots })),
      legacy: tagged(item.legacy),
    },
    stateTimestamps: [],
  };
  const policy = item.to.state_details?.deferred
    ? BackgroundTaskPolicy
    : (TASK_POLICIES[item.policy] ?? CoreTaskPolicy);
  const decision = ask(policy, { run, initial, item, available });

  const active = Object.fromEntries(tagged(item.limits).map((limit) => [limit.tag, limit.active_slots]));
  const legacy = Object.fromEntries(tagged(item.legacy).map((limit) => [limit.tag, new Set(limit.active_slots)]));
  const queued = [0, 0];
  let cache = cache_key && item.cached ? 1 : 0;
  for (const effect of decision.effects) {
    if (effect.kind === "take-slots") for (const tag of effect.limitIds) active[tag] = (active[tag] ?? 0) + 1;
    if (effect.kind === "take-legacy-tag-slots") for (const tag of effect.tags) legacy[tag]?.add("run");
    if (effect.kind === "release-tag-slots") for (const tag of effect.tags) legacy[tag]?.delete("run");
    if (effect.kind === "insert-task-cache") cache += 1;
    if (effect.kind === "enqueue-background-task") queued[effect.queue === "retry" ? 1 : 0] = 1;
  }
  return {
    ...common(decision, run, initial),
    active_slots: active,
    legacy: Object.fromEntries(Object.entries(legacy).map(([tag, holders]) => [tag, [...holders].sort()])),
    queued,
    cache,
    events: [],
  };
}

function ask<Run extends object>(
  policy: Policy<Run>,
  given: { run: Run; initial: State | null; item: FlowCase | TaskCase; available: Facts },
): Decision<Run> {
  const { run, initial, item, available } = given;
  const proposed = newState(fields(item.to), { now: NOW, ids: { next: () => "proposed" } });
  const intent = { run, initial, proposed, client: item.client };
  const names = factsFor(policy, intent);
  const facts = Object.fromEntries(Object.entries(available).filter(([name]) => names.has(name as keyof Facts)));
  return decide(policy, { ...intent, now: NOW, random: 0.5, ids: countingIds(), settings: SETTINGS }, facts);
}

function common<Run extends FlowRunColumns | TaskRunColumns>(decision: Decision<Run>, run: Run, initial: State | null) {
  const after = { ...run, ...decision.run };
  return {
    status: decision.status,
    details: decision.details,
    state: stateOut(decision.state ?? initial),
    run: runOut(after),
  };
}

function runOut(run: FlowRunColumns | TaskRunColumns) {
  const { run_count, state_type, state_name } = run;
  const policy: Record<string, unknown> = { max_retries: 0, retry_delay_seconds: 0, ...run.empirical_policy };
  if (policy.max_retries && !policy.retries) policy.retries = policy.max_retries;
  if (Array.isArray(policy.pause_keys)) policy.pause_keys = policy.pause_keys.map(newName).sort();
  return {
    run_count,
    state_type,
    state_name,
    ...Object.fromEntries(RUN_TIMES.map((key) => [key, offset(run[key])])),
    total_run_time: Math.round(run.total_run_time / 10) * 10,
    empirical_policy: policy,
    ...("flow_run_run_count" in run && { flow_run_run_count: run.flow_run_run_count }),
  };
}

function stateOut(state: State | null) {
  if (state === null) return null;
  const details: Record<string, unknown> = { ...state.state_details };
  for (const key of TIMES) details[key] = offset(state.state_details[key]);
  const lease = state.state_details.deployment_concurrency_lease_id;
  return {
    ...state,
    id: newName(state.id),
    timestamp: offset(state.timestamp),
    state_details: { ...details, deployment_concurrency_lease_id: lease && newName(lease) },
  };
}

function stateColumns(state: State | null) {
  return {
    state_id: state?.id ?? null,
    state_type: state?.type ?? null,
    state_name: state?.name ?? null,
    state_timestamp: state?.timestamp ?? null,
  };
}

function entered(state: CaseState, id: string): State {
  return newState(fields(state), { now: at(-100), ids: { next: () => id } });
}

function fields(state: CaseState) {
  const details: Record<string, unknown> = { ...state.state_details };
  for (const key of TIMES) if (typeof details[key] === "number") details[key] = at(details[key] as number);
  return { ...state, state_details: details as Partial<StateDetails> };
}

const time = (seconds: number | null) => (seconds === null ? null : at(seconds));
const offset = (value: Timestamp | null) => (value === null ? null : Math.round(secondsBetween(NOW, value) / 10) * 10);
const newName = (id: string) => (id.startsWith("new-") ? "new" : id);
