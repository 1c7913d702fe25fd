import type { RunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";

/** A run is expected at its first state's scheduled time, or at once; and scheduled only while it is SCHEDULED. */
export const recordExpectedStart: Transform<RunColumns> = {
  name: "record-expected-start",
  before({ run, initial, proposed }) {
    const isScheduled = proposed.type === "SCHEDULED";
    const scheduledTime = isScheduled ? proposed.state_details.scheduled_time : null;
    return {
      run: {
        ...(!run.expected_start_time && { expected_start_time: isScheduled ? scheduledTime : proposed.timestamp }),
        ...((isScheduled || initial?.type === "SCHEDULED") && { next_scheduled_start_time: scheduledTime }),
      },
    };
  },
};
