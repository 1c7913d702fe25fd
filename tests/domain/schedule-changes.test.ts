import { expect, test } from "vitest";
import { planScheduleChanges } from "../../src/domain/schedule-changes.ts";

const a = { id: "1", slug: "a" };
const b = { id: "2", slug: "b" };
const bare = { id: "3", slug: null };
const times = { schedule: { cron: "* * * * *" } };

test.each([
  ["nothing given", [a], undefined, { kind: "none" }],
  ["an empty list, all with slugs", [a], [], { kind: "patch", patched: [], created: [] }],
  ["an empty list, one without a slug", [a, bare], [], { kind: "replace", all: [] }],
  ["none known", [], [{ slug: "a", ...times }], { kind: "replace", all: [{ slug: "a", ...times }] }],
  ["a mixed set drops what says no times", [bare], [{ slug: "a" }], { kind: "replace", all: [] }],
  ["a known slug", [a, b], [{ slug: "b" }], { kind: "patch", patched: [{ id: "2", by: { slug: "b" } }], created: [] }],
  ["a new slug", [a], [{ slug: "c", ...times }], { kind: "patch", patched: [], created: [{ slug: "c", ...times }] }],
  [
    "a new name for a known one",
    [a],
    [{ slug: "c", replaces: "a" }],
    { kind: "patch", patched: [{ id: "1", by: { slug: "c", replaces: "a" } }], created: [] },
  ],
  [
    "a swap of names",
    [a, b],
    [
      { slug: "b", replaces: "a" },
      { slug: "a", replaces: "b" },
    ],
    {
      kind: "patch",
      patched: [
        { id: "1", by: { slug: "b", replaces: "a" } },
        { id: "2", by: { slug: "a", replaces: "b" } },
      ],
      created: [],
    },
  ],
  [
    "replacing what is not there",
    [a],
    [{ slug: "c", replaces: "z", ...times }],
    { kind: "patch", patched: [], created: [{ slug: "c", replaces: "z", ...times }] },
  ],
])("%s", (...[, known, given, plan]) => {
  expect(planScheduleChanges(known, given)).toEqual(plan);
});

test.each([
  ["a missing slug", [a], [{ ...times }], /^Please provide a slug/],
  ["a new slug without times", [a], [{ slug: "c" }], /^Unable to create new deployment schedules/],
  [
    "two that replace the same",
    [a],
    [
      { slug: "x", replaces: "a" },
      { slug: "y", replaces: "a" },
    ],
    /targeting the same slug: a$/,
  ],
  ["a name that is taken", [a, b], [{ slug: "b", replaces: "a" }], /^Cannot rename schedule from 'a' to 'b'/],
])("%s is refused", (...[, known, given, reason]) => {
  expect(planScheduleChanges(known, given as readonly { slug?: string }[])).toEqual({
    kind: "invalid",
    reason: expect.stringMatching(reason),
  });
});
