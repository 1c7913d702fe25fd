import { compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import type { StateType } from "./facts.ts";
import { isTerminal } from "./states.ts";

/** The columns of a task run that name its current state. */
export interface StateColumns {
  readonly state_id: string;
  readonly state_type: StateType;
  readonly state_name: string;
  readonly state_timestamp: Timestamp;
}

/** One task-run event: the run's columns as the client sees them, and the state it entered. */
export interface TaskRunReport {
  readonly columns: Readonly<Record<string, unknown>>;
  readonly state: {
    readonly id: string;
    readonly type: StateType;
    readonly name: string;
    readonly timestamp: Timestamp;
  };
}

/**
 * The columns to write for a report, or undefined when the stored row already is as late or later.
 *
 * The current state is the greatest of all states reported, so any order and any repetition of the same reports ends in
 * the same row, provided that reports of one run carry the same set of columns.
 */
export function mergeTaskRunReport(
  stored: StateColumns | undefined,
  report: TaskRunReport,
): Readonly<Record<string, unknown>> | undefined {
  const { id, type, name, timestamp } = report.state;
  const reported: StateColumns = { state_id: id, state_type: type, state_name: name, state_timestamp: timestamp };
  if (stored !== undefined && compareStates(reported, stored) <= 0) return undefined;
  return { ...report.columns, ...reported };
}

/** Later states are greater; of states with the same timestamp the terminal one, then the one with the greater id. */
export function compareStates(a: StateColumns, b: StateColumns): number {
  const byTime = compareTimestamps(a.state_timestamp, b.state_timestamp);
  if (byTime !== 0) return byTime;
  const byEnd = Number(isTerminal({ type: a.state_type })) - Number(isTerminal({ type: b.state_type }));
  if (byEnd !== 0) return byEnd;
  if (a.state_id === b.state_id) return 0;
  return a.state_id < b.state_id ? -1 : 1;
}
