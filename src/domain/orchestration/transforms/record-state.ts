import type { RunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";

/** The run's row names its current state. */
export const recordState: Transform<RunColumns> = {
  name: "record-state",
  before({ proposed }) {
    return {
      run: {
        state_id: proposed.id,
        state_type: proposed.type,
        state_name: proposed.name,
        state_timestamp: proposed.timestamp,
      },
    };
  },
};
