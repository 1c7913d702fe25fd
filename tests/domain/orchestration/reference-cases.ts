import fc from "fast-check";
import type { Client, StateDetails, StateType } from "../../../src/domain/orchestration/facts.ts";
import { STATE_TYPES } from "../../../src/schemas/state.ts";

/** Times are seconds from the moment of the transition; ids are names. */
export interface CaseState {
  readonly type: StateType;
  readonly name?: string;
  readonly message?: string;
  readonly data?: unknown;
  readonly state_details?: Readonly<Record<string, unknown>>;
}

interface CommonCase {
  readonly policy: string;
  readonly from: CaseState | null;
  readonly to: CaseState;
  readonly client: Client;
}

export interface CaseLimit {
  readonly limit: number;
  readonly active: boolean;
  readonly active_slots: number;
}

export interface FlowCase extends CommonCase {
  readonly kind: "flow";
  readonly run: {
    readonly run_count: number;
    readonly infrastructure_pid: string | null;
    readonly start_time: number | null;
    readonly end_time: number | null;
    readonly expected_start_time: number | null;
    readonly total_run_time: number;
    readonly empirical_policy: Readonly<Record<string, unknown>>;
  };
  readonly deployment: {
    readonly concurrency_limit: CaseLimit | null;
    readonly concurrency_options: { readonly collision_strategy: "ENQUEUE" | "CANCEL_NEW" } | null;
  } | null;
  readonly isSubflow: boolean;
  /** Whether the lease named "lease" exists. */
  readonly lease: boolean;
  readonly inputs: readonly string[];
}

export interface TaskCase extends CommonCase {
  readonly kind: "task";
  readonly run: {
    readonly run_count: number;
    readonly flow_run_run_count: number;
    readonly tags: readonly string[];
    readonly empirical_policy: Readonly<Record<string, unknown>>;
  };
  readonly flowRun: { readonly run_count: number; readonly state: CaseState | null } | null;
  readonly limits: Readonly<Record<string, CaseLimit & { readonly avg_slot_occupancy_seconds: number }>>;
  readonly legacy: Readonly<Record<string, { concurrency_limit: number; active_slots: readonly string[] }>>;
  readonly holds: readonly string[];
  readonly cached: CaseState | null;
}

const NAMES: Partial<Record<StateType, readonly string[]>> = {
  SCHEDULED: ["Scheduled", "Late", "AwaitingRetry", "Resuming"],
  PENDING: ["Pending", "Submitting", "InfrastructurePending"],
  RUNNING: ["Running", "Retrying"],
  PAUSED: ["Paused", "Suspended"],
};

const RESULTS = [null, { type: "unpersisted" }, { type: "reference", storage_key: "k" }, {}];
const STRUCTURED = [...RESULTS, "text", [1]];

function details(
  of: Partial<Record<keyof StateDetails, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(of as Record<string, fc.Arbitrary<unknown>>);
}

const flowDetails = {
  scheduled_time: fc.constantFrom(-50, 500),
  pause_timeout: fc.constantFrom(null, -50, 500),
  pause_reschedule: fc.boolean(),
  pause_key: fc.constantFrom(null, "key", "fired"),
  run_input_keyset: fc.constantFrom(null, { schema: "s", response: "r" }),
  transition_id: fc.constantFrom(null, null, "t1", "t2"),
  deployment_concurrency_lease_id: fc.constantFrom(null, "lease", "other"),
};

const taskDetails = {
  scheduled_time: fc.constantFrom(-50, -50, 500),
  deferred: fc.constantFrom(false, false, true),
  task_parameters_id: fc.constantFrom(null, "parameters"),
  cache_key: fc.constantFrom(null, "cache-key", "k".repeat(2001)),
  refresh_cache: fc.constantFrom(null, true),
  retriable: fc.constantFrom(null, true, false),
};

function state(type: StateType, of: object, data: readonly unknown[]): fc.Arbitrary<CaseState> {
  return fc.record({
    type: fc.constant(type),
    name: fc.constantFrom(...(NAMES[type] ?? [type.charAt(0) + type.slice(1).toLowerCase()])),
    message: fc.constantFrom("first", "second"),
    data: fc.constantFrom(...data),
    state_details: details(of),
  });
}

const client: fc.Arbitrary<Client> = fc.constantFrom(
  {},
  { version: "3.9.1", apiVersion: "0.8.4" },
  { version: "3.9.1" },
  { version: "3.4.11" },
  { version: "3.4.11rc1" },
  { version: "3.1.7", apiVersion: "0.8.3" },
  { version: "3.0.2", apiVersion: "0.8.2" },
);

const limit: fc.Arbitrary<CaseLimit> = fc.constantFrom(
  { limit: 2, active: true, active_slots: 1 },
  { limit: 2, active: true, active_slots: 2 },
  { limit: 0, active: true, active_slots: 0 },
  { limit: 5, active: true, active_slots: 0 },
  { limit: 5, active: false, active_slots: 1 },
);

function flowCase(policy: string, from: StateType | null, to: StateType): fc.Arbitrary<FlowCase> {
  return fc.record({
    kind: fc.constant("flow" as const),
    policy: fc.constant(policy),
    from: from === null ? fc.constant(null) : state(from, flowDetails, STRUCTURED),
    to: state(to, flowDetails, STRUCTURED),
    client,
    run: fc.record({
      run_count: fc.constantFrom(0, 1, 3),
      infrastructure_pid: fc.constantFrom(null, "pid"),
      start_time: fc.constantFrom(null, -300),
      end_time: fc.constantFrom(null, -200),
      expected_start_time: fc.constantFrom(null, -400),
      total_run_time: fc.constantFrom(0, 50),
      empirical_policy: fc.record({
        retries: fc.constantFrom(null, 0, 2, 3),
        retry_delay: fc.constantFrom(null, 60),
        max_retries: fc.constantFrom(0, 0, 3),
        pause_keys: fc.constantFrom([], ["fired"]),
        resuming: fc.boolean(),
        retry_type: fc.constantFrom(null, "in_process", "reschedule"),
      }),
    }),
    deployment: fc.option(
      fc.record({
        concurrency_limit: fc.option(limit, { freq: 8 }),
        concurrency_options: fc.constantFrom(
          null,
          { collision_strategy: "ENQUEUE" as const },
          { collision_strategy: "CANCEL_NEW" as const },
        ),
      }),
      { freq: 5 },
    ),
    isSubflow: fc.constantFrom(false, false, true),
    lease: fc.boolean(),
    inputs: fc.constantFrom([], ["r", "s", "other"]),
  });
}

function taskCase(policy: string, from: StateType | null, to: StateType): fc.Arbitrary<TaskCase> {
  const occupied = limit.chain((given) =>
    fc.constantFrom(2, 60).map((seconds) => ({ ...given, avg_slot_occupancy_seconds: seconds })),
  );
  return fc.record({
    kind: fc.constant("task" as const),
    policy: fc.constant(policy),
    from: from === null ? fc.constant(null) : state(from, taskDetails, RESULTS),
    to: state(to, taskDetails, RESULTS),
    client: fc.constant({}),
    run: fc.record({
      run_count: fc.constantFrom(0, 1, 3),
      flow_run_run_count: fc.constantFrom(0, 1),
      tags: fc.constantFrom([], ["a"], ["b"]),
      empirical_policy: fc.record({
        retries: fc.constantFrom(null, 0, 2, 3),
        retry_delay: fc.constantFrom(null, 60, [100, 200, 300]),
        retry_jitter_factor: fc.constantFrom(null, null, 0.5),
      }),
    }),
    flowRun: fc.option(
      fc.record({
        run_count: fc.constantFrom(1, 2),
        state: fc.option(
          fc
            .constantFrom<StateType>("RUNNING", "RUNNING", "PAUSED", "FAILED")
            .chain((type) => state(type, flowDetails, [null])),
          { freq: 8 },
        ),
      }),
      { freq: 3 },
    ),
    limits: fc.oneof(fc.constant({}), fc.record({ a: occupied })),
    legacy: fc.constantFrom(
      {},
      { b: { concurrency_limit: 1, active_slots: [] } },
      { b: { concurrency_limit: 1, active_slots: ["holder"] } },
      { b: { concurrency_limit: 0, active_slots: [] } },
      { b: { concurrency_limit: 2, active_slots: ["run"] } },
    ),
    holds: fc.constant([]),
    cached: fc.option(state("COMPLETED", taskDetails, [{ type: "reference" }]), { freq: 2 }),
  });
}

/** The same cases every time: `each` for every pair of state types under every policy. */
export function referenceCases(each: number): readonly (FlowCase | TaskCase)[] {
  const cases: (FlowCase | TaskCase)[] = [];
  let seed = 0;
  for (const from of [null, ...STATE_TYPES]) {
    for (const to of STATE_TYPES) {
      const sample = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { seed: ++seed, numRuns: each });
      cases.push(...["core", "minimal"].flatMap((policy) => sample(flowCase(policy, from, to))));
      if (to === "SCHEDULED") cases.push(...sample(flowCase("late", from, to)));
      cases.push(...["core", "client-side", "minimal"].flatMap((policy) => sample(taskCase(policy, from, to))));
    }
  }
  return cases;
}
