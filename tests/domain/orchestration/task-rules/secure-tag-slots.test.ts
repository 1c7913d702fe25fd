import { expect, test } from "vitest";
import type { Facts } from "../../../../src/domain/orchestration/facts.ts";
import { secureTagSlots } from "../../../../src/domain/orchestration/task-rules/secure-tag-slots.ts";
import { only, propose, summary, taskRun } from "../support.ts";

const tagLimit = (tag: string, limit: number, active_slots: number) => ({
  id: `limit-${tag}`,
  tag,
  active: true,
  limit,
  active_slots,
  occupiedSlots: active_slots,
  avg_slot_occupancy_seconds: 2,
});

function start(tagLimits: Partial<Facts["tagLimits"]>) {
  return propose(only(secureTagSlots), {
    run: taskRun({ tags: ["a", "b"] }),
    from: { type: "PENDING" },
    to: { type: "RUNNING" },
    facts: { tagLimits: { current: [], legacy: [], ...tagLimits } },
  });
}

const deadlock = (tag: string) =>
  `ABORT -: The concurrency limit on tag "${tag}" is 0 and will deadlock if the task tries to run again.`;

test.each([
  { title: "no limits", current: [], legacy: [], expected: "ACCEPT RUNNING" },
  { title: "a free slot", current: [tagLimit("a", 2, 1)], legacy: [], expected: "ACCEPT RUNNING" },
  {
    title: "one of two limits full",
    current: [tagLimit("a", 2, 1), tagLimit("b", 1, 1)],
    legacy: [],
    expected: "WAIT 2 -: Concurrency limit reached for tags: a, b",
  },
  {
    title: "a full limit whose slots are held long",
    current: [{ ...tagLimit("a", 1, 1), avg_slot_occupancy_seconds: 60 }],
    legacy: [],
    expected: "WAIT 10 -: Concurrency limit reached for tags: a",
  },
  { title: "a limit of 0", current: [tagLimit("a", 0, 0)], legacy: [], expected: deadlock("a") },
  {
    title: "a full limit that is switched off",
    current: [{ ...tagLimit("a", 1, 1), active: false }],
    legacy: [],
    expected: "ACCEPT RUNNING",
  },
  {
    title: "a full limit of the first generation",
    current: [],
    legacy: [{ tag: "a", concurrency_limit: 1, active_slots: ["other"] }],
    expected: "WAIT 10 -: Concurrency limit for the a tag has been reached",
  },
  {
    title: "a first-generation limit of 0",
    current: [],
    legacy: [{ tag: "b", concurrency_limit: 0, active_slots: [] }],
    expected: deadlock("b"),
  },
  {
    title: "a first-generation limit that a newer one replaces",
    current: [tagLimit("a", 2, 1)],
    legacy: [{ tag: "a", concurrency_limit: 1, active_slots: ["other"] }],
    expected: "ACCEPT RUNNING",
  },
])("a task run with $title: $expected", ({ current, legacy, expected }) => {
  expect(summary(start({ current, legacy }))).toBe(expected);
});

test("a task run that may start takes a slot of every limit, under one lease", () => {
  const legacy = [{ tag: "b", concurrency_limit: 1, active_slots: [] }];

  expect(start({ current: [tagLimit("a", 2, 1)], legacy }).effects).toEqual([
    {
      kind: "take-slots",
      limitIds: ["limit-a"],
      leaseId: "new-1",
      ttlSeconds: 3_153_600_000,
      holder: { type: "task_run", id: "run" },
    },
    { kind: "take-legacy-tag-slots", tags: ["b"], taskRunId: "run" },
  ]);
});
