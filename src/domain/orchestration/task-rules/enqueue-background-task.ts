import type { TaskRunColumns } from "../facts.ts";
import { ANY, pass, type Rule } from "../rule.ts";

/** A scheduled background task is handed to whoever serves its task key; retries go ahead of new ones. */
export const enqueueBackgroundTask: Rule<TaskRunColumns> = {
  name: "enqueue-background-task",
  from: ANY,
  to: ["SCHEDULED"],
  decide: () => pass,
  after({ run, validated }) {
    if (!validated?.state_details.deferred) return {};
    const queue = validated.name === "AwaitingRetry" ? "retry" : "scheduled";
    return { effects: [{ kind: "enqueue-background-task", queue, taskKey: run.task_key, taskRunId: run.id }] };
  },
};
