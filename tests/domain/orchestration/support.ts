import { type Decision, decide } from "../../../src/domain/orchestration/decide.ts";
import type {
  Client,
  DeploymentFact,
  Facts,
  FlowRunColumns,
  FlowRunPolicy,
  State,
  TaskRunColumns,
  TaskRunPolicy,
} from "../../../src/domain/orchestration/facts.ts";
import type { Policy } from "../../../src/domain/orchestration/rule.ts";
import { newState, type StateFields } from "../../../src/domain/orchestration/states.ts";
import { addSeconds, type Timestamp } from "../../../src/kit/timestamp.ts";

export const NOW: Timestamp = "2026-01-01T12:00:00Z";

/** The time `seconds` from NOW. */
export const at = (seconds: number): Timestamp => addSeconds(NOW, seconds);

export const SETTINGS = {
  deploymentSlotWaitSeconds: 30,
  deploymentLeaseSeconds: 300,
  tagSlotWaitSeconds: 10,
  maxCacheKeyLength: 2000,
};

export function countingIds(prefix = "new") {
  let count = 0;
  return { next: () => `${prefix}-${++count}` };
}

/** A state entered ten seconds ago. */
export function stored(fields: StateFields): State {
  return newState(fields, { now: at(-10), ids: { next: () => "current" } });
}

const RUN = {
  id: "run",
  run_count: 0,
  state_id: null,
  state_type: null,
  state_name: null,
  state_timestamp: null,
  start_time: null,
  end_time: null,
  expected_start_time: null,
  next_scheduled_start_time: null,
  total_run_time: 0,
};

export const FLOW_POLICY: FlowRunPolicy = {
  retries: null,
  retry_delay: null,
  pause_keys: [],
  resuming: false,
  retry_type: null,
};

export function flowRun(overrides: Partial<FlowRunColumns> = {}): FlowRunColumns {
  return {
    ...RUN,
    deployment_id: null,
    parent_task_run_id: null,
    infrastructure_pid: null,
    empirical_policy: FLOW_POLICY,
    ...overrides,
  };
}

export const TASK_POLICY: TaskRunPolicy = { retries: null, retry_delay: null, retry_jitter_factor: null };

export function taskRun(overrides: Partial<TaskRunColumns> = {}): TaskRunColumns {
  return {
    ...RUN,
    flow_run_id: null,
    flow_run_run_count: 0,
    task_key: "task-key",
    tags: [],
    empirical_policy: TASK_POLICY,
    ...overrides,
  };
}

export function limited(limit: Partial<NonNullable<DeploymentFact["concurrency_limit"]>> = {}): DeploymentFact {
  return {
    id: "deployment",
    concurrency_limit: { id: "limit", active: true, limit: 1, active_slots: 0, occupiedSlots: 0, ...limit },
    concurrency_options: null,
  };
}

export interface Asked<Run> {
  readonly run: Run;
  readonly from: StateFields | null;
  readonly to: StateFields;
  readonly facts?: Partial<Facts>;
  readonly client?: Client;
  readonly random?: number;
}

/** Decides a transition proposed at NOW. */
export function propose<Run extends object>(policy: Policy<Run>, asked: Asked<Run>): Decision<Run> {
  const ids = countingIds();
  return decide(
    policy,
    {
      run: asked.run,
      initial: asked.from === null ? null : stored(asked.from),
      proposed: newState(asked.to, { now: NOW, ids: { next: () => "proposed" } }),
      client: asked.client ?? {},
      now: NOW,
      random: asked.random ?? 0.5,
      ids,
      settings: SETTINGS,
    },
    asked.facts ?? {},
  );
}

/** One line that says how a decision went: `ACCEPT RUNNING Retrying`, `WAIT 2 reason`, `REJECT - reason`. */
export function summary(decision: Decision<unknown>): string {
  const { status, details, state } = decision;
  const written =
    state === null ? "-" : state.name.toUpperCase() === state.type ? state.type : `${state.type} ${state.name}`;
  const wait = details.type === "wait_details" ? ` ${details.delay_seconds}` : "";
  return details.type === "accept_details" ? `${status} ${written}` : `${status}${wait} ${written}: ${details.reason}`;
}

export const kinds = (decision: Decision<unknown>) => decision.effects.map((effect) => effect.kind);

/** A policy of one rule, without bookkeeping: what it writes is what the rule wrote. */
export function only<Run>(rule: Policy<Run>["rules"][number]): Policy<Run> {
  return { name: "only", rules: [rule], transforms: [] };
}

/** A policy of one transform. */
export function onlyTransform<Run>(transform: Policy<Run>["transforms"][number]): Policy<Run> {
  return { name: "only", rules: [], transforms: [transform] };
}
