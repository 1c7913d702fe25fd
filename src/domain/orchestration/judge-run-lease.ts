import { addSeconds, compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import type { FlowRunColumns, State } from "./facts.ts";

/** A run that sent heartbeats, and has sent none for long. */
export interface SilentRun {
  readonly run: Pick<FlowRunColumns, "run_count" | "empirical_policy">;
  readonly state: State | null;
  readonly lease: { readonly run_count: number; readonly last_heartbeat: Timestamp };
}

export type LeaseVerdict =
  /** Nothing says that the run has a process that sends heartbeats. */
  | { readonly kind: "end" }
  /** The run has changed its state since, or is to go on later: not before `until` is its process dead. */
  | { readonly kind: "wait"; readonly until: Timestamp }
  | { readonly kind: "crash"; readonly message: string };

/** Decides about a run whose lease has expired: its process has been silent for `leaseSeconds`, or the lease is stale. */
export function judgeRunLease(
  silent: SilentRun,
  { now, leaseSeconds }: { readonly now: Timestamp; readonly leaseSeconds: number },
): LeaseVerdict {
  const sign = lastSignOfLife(silent);
  if (sign === undefined) return { kind: "end" };
  const until = addSeconds(later(sign, silent.lease.last_heartbeat), leaseSeconds);
  if (compareTimestamps(until, now) > 0) return { kind: "wait", until };
  return { kind: "crash", message: messageFor(silent) };
}

/** When the process was last seen at work, apart from heartbeats, or is to be; undefined where none is known to send any. */
function lastSignOfLife({ run, state, lease }: SilentRun): Timestamp | undefined {
  const retriesInProcess = run.empirical_policy.retry_type === "in_process";
  switch (state?.type) {
    case "RUNNING":
      return retriesInProcess || run.run_count === lease.run_count ? state.timestamp : undefined;
    case "PAUSED":
      return state.state_details.pause_reschedule ? undefined : state.timestamp;
    case "SCHEDULED":
      // The process sleeps, without heartbeats, until the next attempt is due.
      return retriesInProcess ? (state.state_details.scheduled_time ?? state.timestamp) : undefined;
    default:
      // A run that is being cancelled has a deadline of its own.
      return undefined;
  }
}

function messageFor({ state, lease }: SilentRun): string {
  const silence = `The process that executes this run has sent no heartbeat since ${lease.last_heartbeat}`;
  const retry = state?.type === "SCHEDULED" ? " and has not retried the run when that was due" : "";
  return `${silence}${retry}: it has died, or cannot reach the server.`;
}

function later(a: Timestamp, b: Timestamp): Timestamp {
  return compareTimestamps(a, b) >= 0 ? a : b;
}
