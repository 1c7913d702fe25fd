import type { Timestamp } from "../../kit/timestamp.ts";
import type { FlowRunPolicy as StoredFlowRunPolicy } from "../../schemas/flow-run.ts";
import type {
  State as WireState,
  StateDetails as WireStateDetails,
  StateType as WireStateType,
} from "../../schemas/state.ts";
import type { TaskRunPolicy as StoredTaskRunPolicy } from "../../schemas/task-run.ts";

export type StateType = WireStateType;
export type StateDetails = Readonly<WireStateDetails>;

/** A state as orchestration sees it: named, its data not looked into. */
export interface State extends Readonly<Omit<WireState, "name" | "data" | "state_details">> {
  readonly name: string;
  readonly data: unknown;
  readonly state_details: StateDetails;
}

/** The columns both kinds of run share and orchestration reads or writes. */
export interface RunColumns {
  readonly id: string;
  readonly run_count: number;
  readonly state_id: string | null;
  readonly state_type: StateType | null;
  readonly state_name: string | null;
  readonly state_timestamp: Timestamp | null;
  readonly start_time: Timestamp | null;
  readonly end_time: Timestamp | null;
  readonly expected_start_time: Timestamp | null;
  readonly next_scheduled_start_time: Timestamp | null;
  /** Seconds, to the microsecond. */
  readonly total_run_time: number;
}

/** A stored policy; rows of old clients may lack fields or keep their retries in the deprecated ones. */
export type FlowRunPolicy = Readonly<
  Pick<StoredFlowRunPolicy, "retries" | "retry_delay" | "pause_keys" | "resuming" | "retry_type"> & DeprecatedRetries
>;

export type TaskRunPolicy = Readonly<
  Pick<StoredTaskRunPolicy, "retries" | "retry_delay" | "retry_jitter_factor"> & DeprecatedRetries
>;

type DeprecatedRetries = Partial<Pick<StoredFlowRunPolicy, "max_retries" | "retry_delay_seconds">>;

export interface FlowRunColumns extends RunColumns {
  readonly deployment_id: string | null;
  readonly parent_task_run_id: string | null;
  readonly infrastructure_pid: string | null;
  readonly empirical_policy: FlowRunPolicy;
}

export interface TaskRunColumns extends RunColumns {
  readonly flow_run_id: string | null;
  /** The attempt of the flow run this task run last ran in. */
  readonly flow_run_run_count: number;
  readonly task_key: string;
  readonly tags: readonly string[];
  readonly empirical_policy: TaskRunPolicy;
}

export interface ConcurrencyLimitFact {
  readonly id: string;
  readonly active: boolean;
  readonly limit: number;
  /** As stored. */
  readonly active_slots: number;
  /** `active_slots` after slot decay up to now. */
  readonly occupiedSlots: number;
}

export interface DeploymentFact {
  readonly id: string;
  readonly concurrency_limit: ConcurrencyLimitFact | null;
  readonly concurrency_options: {
    readonly collision_strategy: "ENQUEUE" | "CANCEL_NEW";
    readonly grace_period_seconds?: number | null;
  } | null;
}

/** A global limit named `tag:<tag>`. */
export interface TagLimitFact extends ConcurrencyLimitFact {
  readonly tag: string;
  readonly avg_slot_occupancy_seconds: number;
}

/** A row of the first generation of tag limits, which lists the task runs that hold its slots. */
export interface LegacyTagLimitFact {
  readonly tag: string;
  readonly concurrency_limit: number;
  readonly active_slots: readonly string[];
}

/** What rules may need from outside, each read under the run's lock; `null` means looked for and not there. */
export interface Facts {
  /** The run's deployment. */
  readonly deployment: DeploymentFact | null;
  /** True when the lease named by the current state still exists (expired but not yet reclaimed counts as existing). */
  readonly hasDeploymentLease: boolean;
  /** The unexpired cached state most recently stored under the proposed state's cache key, with its data. */
  readonly cachedState: State | null;
  /** The flow run that encloses a task run. */
  readonly flowRun: { readonly id: string; readonly run_count: number; readonly state: State | null } | null;
  /** Limits on the task run's tags; `legacy` in order of tag. */
  readonly tagLimits: { readonly current: readonly TagLimitFact[]; readonly legacy: readonly LegacyTagLimitFact[] };
  /** Timestamps of the flow run's stored states that are not before the proposed state's. */
  readonly stateTimestamps: readonly Timestamp[];
}

export type FactName = keyof Facts;

/** Who asks. Both are unknown for the server's own transitions and for callers that do not say. */
export interface Client {
  /** Prefect version of the client, from its User-Agent. */
  readonly version?: string;
  /** `X-PREFECT-API-VERSION`. */
  readonly apiVersion?: string;
}

/** Server settings that rules read. */
export interface OrchestrationSettings {
  /** `server.deployments.concurrency_slot_wait_seconds` */
  readonly deploymentSlotWaitSeconds: number;
  /** `server.concurrency.initial_deployment_lease_duration` */
  readonly deploymentLeaseSeconds: number;
  /** `server.tasks.tag_concurrency_slot_wait_seconds` */
  readonly tagSlotWaitSeconds: number;
  /** `server.tasks.max_cache_key_length` */
  readonly maxCacheKeyLength: number;
}
