import type { Timestamp } from "../../kit/timestamp.ts";
import type { State } from "./facts.ts";

export interface LeaseHolder {
  readonly type: "flow_run" | "task_run";
  readonly id: string;
}

/** What a decision asks the shell to do in the same transaction, in the order given, after the state is written. */
export type Effect =
  | {
      /** Adds one slot to each limit and stores one lease over them all. */
      readonly kind: "take-slots";
      readonly limitIds: readonly string[];
      readonly leaseId: string;
      readonly ttlSeconds: number;
      readonly holder: LeaseHolder | null;
    }
  | { readonly kind: "renew-lease"; readonly leaseId: string; readonly ttlSeconds: number }
  /** Forgets the lease and leaves its slots occupied: nobody will renew it, so it must not be reclaimed. */
  | { readonly kind: "forget-lease"; readonly leaseId: string }
  | {
      /**
       * Gives back what the lease holds and removes it. Without a lease, or when it is gone, gives back one slot of the
       * deployment's limit, if it has one; never below zero.
       */
      readonly kind: "release-deployment-slot";
      readonly deploymentId: string;
      readonly leaseId: string | null;
    }
  /** Adds the task run to the holders of these first-generation tag limits. */
  | { readonly kind: "take-legacy-tag-slots"; readonly tags: readonly string[]; readonly taskRunId: string }
  /** Releases every lease the task run holds on its tags' limits and removes it from first-generation holders. */
  | { readonly kind: "release-tag-slots"; readonly tags: readonly string[]; readonly taskRunId: string }
  | { readonly kind: "delete-flow-run-inputs"; readonly flowRunId: string; readonly keys: readonly string[] }
  | {
      readonly kind: "insert-task-cache";
      readonly cacheKey: string;
      readonly cacheExpiration: Timestamp | null;
      readonly stateId: string;
    }
  | {
      readonly kind: "enqueue-background-task";
      readonly queue: "scheduled" | "retry";
      readonly taskKey: string;
      readonly taskRunId: string;
    }
  /** Forces `state` (a fresh copy, ids already new) onto the task run that stands for a subflow in its parent. */
  | { readonly kind: "mirror-subflow-state"; readonly taskRunId: string; readonly state: State }
  /** Forces every FAILED task run of the flow run to AwaitingRetry at `scheduledTime`, with run_count 0. */
  | { readonly kind: "reset-failed-children"; readonly flowRunId: string; readonly scheduledTime: Timestamp }
  /** Emits the `prefect.flow-run.<name>` event. */
  | { readonly kind: "emit-flow-run-event"; readonly initial: State | null; readonly state: State }
  /** Nobody has to send heartbeats for the flow run any more. */
  | { readonly kind: "end-run-lease"; readonly flowRunId: string }
  /** A CANCELLING run was accepted: make it CANCELLED when nobody has by `since` plus the configured timeout. */
  | { readonly kind: "watch-cancelling"; readonly flowRunId: string; readonly since: Timestamp };
