import { addSeconds, compareTimestamps } from "../../../kit/timestamp.ts";
import type { FlowRunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";

/** Two states of a flow run never share a timestamp: a state that would is moved to the next free microsecond. */
export const keepTimestampUnique: Transform<FlowRunColumns, "stateTimestamps"> = {
  name: "keep-timestamp-unique",
  facts: ["stateTimestamps"],
  // Clocks increase, so only a state not later than the current one can collide. Where that fails (another replica's
  // clock, a clock set back) the unique index says so and the caller decides again with the fact loaded.
  isNeeded: ({ initial, proposed }) =>
    initial !== null && compareTimestamps(proposed.timestamp, initial.timestamp) <= 0,
  before({ proposed }, { stateTimestamps }) {
    const taken = new Set(stateTimestamps);
    let timestamp = proposed.timestamp;
    while (taken.has(timestamp)) timestamp = addSeconds(timestamp, 0.000001);
    return { timestamp };
  },
};
