import { expect, test } from "vitest";
import { freePriority, rearrangedPriorities } from "../../src/domain/work-queue-priorities.ts";

test.each([
  [[], 1],
  [[1, 2], 3],
  [[1, 3], 2],
  [[2, 2], 1],
])("the first free priority beside %j is %i", (taken, free) => {
  expect(freePriority(taken)).toBe(free);
});

const queues = (priorities: Record<string, number>) =>
  Object.entries(priorities).map(([id, priority]) => ({ id, priority }));

test.each([
  ["a gap stays", { a: 1, b: 3 }, undefined, {}],
  ["equal ones are spread", { a: 1, b: 1, c: 2 }, undefined, { b: 2, c: 3 }],
  ["a new first moves the others down", { a: 1, b: 2, c: 4 }, { c: 1 }, { c: 1, a: 2, b: 3 }],
  ["a free place moves nobody", { a: 1, b: 2, c: 5 }, { a: 4 }, { a: 4 }],
  ["only those in the way move", { a: 1, b: 2, c: 3, d: 9 }, { d: 2 }, { d: 2, b: 3, c: 4 }],
])("%s", (...[, known, wanted, changed]) => {
  const [target] = wanted === undefined ? [] : queues(wanted as Record<string, number>);

  const moved = rearrangedPriorities(queues(known as Record<string, number>), target);

  expect(Object.fromEntries(moved.map(({ id, priority }) => [id, priority]))).toEqual(changed);
});
