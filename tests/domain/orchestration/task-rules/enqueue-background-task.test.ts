import { expect, test } from "vitest";
import { enqueueBackgroundTask } from "../../../../src/domain/orchestration/task-rules/enqueue-background-task.ts";
import { only, propose, taskRun } from "../support.ts";

const queued = (queue: string) => [{ kind: "enqueue-background-task", queue, taskKey: "task-key", taskRunId: "run" }];

test.each([
  { name: "Scheduled", deferred: true, effects: queued("scheduled") },
  { name: "AwaitingRetry", deferred: true, effects: queued("retry") },
  { name: "Scheduled", deferred: false, effects: [] },
])("a $name task, deferred $deferred, is queued as $effects", ({ name, deferred, effects }) => {
  const to = { type: "SCHEDULED", name, state_details: { deferred } } as const;

  expect(propose(only(enqueueBackgroundTask), { run: taskRun(), from: null, to }).effects).toEqual(effects);
});
