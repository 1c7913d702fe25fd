import { knowsPauses } from "../client.ts";
import type { FlowRunColumns, TaskRunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";

/** Entering RUNNING is a new attempt, unless the run comes back from a suspension. */
export const countFlowRuns: Transform<FlowRunColumns> = {
  name: "count-flow-runs",
  before({ run, proposed, client }) {
    if (proposed.type !== "RUNNING") return {};
    return knowsPauses(client) && run.empirical_policy.resuming ? {} : { run: { run_count: run.run_count + 1 } };
  },
};

/** Entering RUNNING is a new attempt. */
export const countTaskRuns: Transform<TaskRunColumns> = {
  name: "count-task-runs",
  before: ({ run, proposed }) => (proposed.type === "RUNNING" ? { run: { run_count: run.run_count + 1 } } : {}),
};
