import { expect, test } from "vitest";
import { releaseTagSlots } from "../../../../src/domain/orchestration/transforms/release-tag-slots.ts";
import { onlyTransform, propose, taskRun } from "../support.ts";

test.each([
  { to: "COMPLETED", tags: ["a"], effects: [{ kind: "release-tag-slots", tags: ["a"], taskRunId: "run" }] },
  { to: "PENDING", tags: ["a"], effects: [{ kind: "release-tag-slots", tags: ["a"], taskRunId: "run" }] },
  { to: "RUNNING", tags: ["a"], effects: [] },
  { to: "CANCELLING", tags: ["a"], effects: [] },
  { to: "COMPLETED", tags: [], effects: [] },
] as const)("a task run with tags $tags entering $to: $effects", ({ to, tags, effects }) => {
  const asked = { run: taskRun({ tags }), from: { type: "RUNNING" }, to: { type: to } } as const;

  expect(propose(onlyTransform(releaseTagSlots), asked).effects).toEqual(effects);
});
