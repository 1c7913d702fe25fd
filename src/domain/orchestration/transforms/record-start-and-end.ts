import type { RunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";
import { isTerminal } from "../states.ts";

/** A run starts when it first runs and ends when it enters a terminal state; leaving one takes the end back. */
export const recordStartAndEnd: Transform<RunColumns> = {
  name: "record-start-and-end",
  before({ run, initial, proposed }) {
    const { type, timestamp } = proposed;
    if (type === "RUNNING" && !run.start_time) {
      return { run: { start_time: timestamp, ...(initial && isTerminal(initial) && { end_time: null }) } };
    }
    if (!isTerminal(proposed)) return initial && isTerminal(initial) ? { run: { end_time: null } } : {};
    if (run.end_time) return {};
    // A run that ends before it ran has started, too.
    return { run: { start_time: run.start_time ?? timestamp, end_time: timestamp } };
  },
};
