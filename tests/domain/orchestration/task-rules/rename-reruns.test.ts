import { expect, test } from "vitest";
import { renameReruns } from "../../../../src/domain/orchestration/task-rules/rename-reruns.ts";
import { only, propose, summary, taskRun } from "../support.ts";

test.each([
  { run_count: 0, name: "Pending", expected: "ACCEPT RUNNING" },
  { run_count: 1, name: "Pending", expected: "ACCEPT RUNNING Rerunning" },
  { run_count: 1, name: "AwaitingRetry", expected: "ACCEPT RUNNING Retrying" },
])("running after $run_count runs from $name: $expected", ({ run_count, name, expected }) => {
  const decision = propose(only(renameReruns), {
    run: taskRun({ run_count }),
    from: { type: "PENDING", name },
    to: { type: "RUNNING" },
  });

  expect(summary(decision)).toBe(expected);
});
