import type { RunTally, Stretches } from "../db/repositories/run-history.ts";
import * as s from "../kit/schema/schema.ts";
import { addSeconds, secondsBetween, type Timestamp } from "../kit/timestamp.ts";
import type { ServerContext } from "./context.ts";
import { HistoryIntervalTooLong, HistoryIntervalTooShort } from "./errors.ts";

const MAX_STRETCHES = 500;
const END_OF_TIME = "9999-12-31T23:59:59.999999Z";

/** The parts of a body that asks for a history. */
export const historyParts = {
  history_start: s.dateTime(),
  history_end: s.dateTime(),
  history_interval_seconds: s.documented(s.number(), { keywords: { format: "time-delta" } }),
} as const;

export interface HistoryRequest {
  readonly history_start: Timestamp;
  readonly history_end: Timestamp;
  readonly history_interval_seconds: number;
}

/**
 * Runs by stretches of time and by state, empty stretches included; those after the 500th are left out.
 * @param tally counts the runs of the stretches it is given
 * @throws HistoryIntervalTooShort, HistoryIntervalTooLong
 */
export async function runHistory(
  ctx: ServerContext,
  request: HistoryRequest,
  tally: (stretches: Stretches) => Promise<readonly RunTally[]>,
) {
  const { history_start: start, history_end, history_interval_seconds } = request;
  const lengthSeconds = Math.round(history_interval_seconds * 1_000_000) / 1_000_000;
  if (!(lengthSeconds >= 1)) throw HistoryIntervalTooShort();
  const elapsedSeconds = secondsBetween(start, history_end);
  if (elapsedSeconds <= 0) return [];
  const count = Math.min(Math.ceil(elapsedSeconds / lengthSeconds), MAX_STRETCHES);
  if (count * lengthSeconds > secondsBetween(start, END_OF_TIME)) throw HistoryIntervalTooLong();

  const bounds = Array.from({ length: count + 1 }, (_, index) => addSeconds(start, index * lengthSeconds));
  const end = bounds[count] as Timestamp;
  const lengthMicros = Math.round(lengthSeconds * 1_000_000);
  const tallies = await tally({ start, end, lengthMicros, now: ctx.clock.now() });
  const byIndex = Map.groupBy(tallies, ({ index }) => Number(index));
  return bounds.slice(0, count).map((interval_start, index) => ({
    interval_start,
    interval_end: bounds[index + 1] as Timestamp,
    states: (byIndex.get(index) ?? []).map(stateView),
  }));
}

function stateView({ index: _index, ...state }: RunTally) {
  return { ...state, count_runs: Number(state.count_runs) };
}
