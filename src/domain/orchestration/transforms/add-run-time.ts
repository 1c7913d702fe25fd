import { secondsBetween } from "../../../kit/timestamp.ts";
import type { RunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";

/** Leaving RUNNING adds the time spent there to the run's total. */
export const addRunTime: Transform<RunColumns> = {
  name: "add-run-time",
  before({ run, initial, proposed }) {
    if (initial?.type !== "RUNNING") return {};
    const total = run.total_run_time + secondsBetween(initial.timestamp, proposed.timestamp);
    return { run: { total_run_time: Math.round(total * 1_000_000) / 1_000_000 } };
  },
};
