import { expect, test } from "vitest";
import { readProjectFile } from "../../../src/domain/project/project-file.ts";

test.each([
  [{ deployments: [{ name: "a", version: 1 }] }, ["deployment a, version: Input should be a valid string"]],
  [{ deployments: [{ schedules: [{ cron: "x", every: 1 }] }] }, [/^deployment number 1, schedules: /]],
  [
    { deployments: [{ name: "a", schedules: [{ cron: "x", interval: 5 }] }] },
    [/exactly one of cron, interval and rrule/],
  ],
  [{ build: "text", name: "x" }, ["build: Input should be a valid list"]],
  [{ deployments: "text" }, ["deployments: Input should be a valid list"]],
  ["text", [/.*/]],
])("%j is refused", (raw, problems) => {
  const reading = readProjectFile(raw);

  expect(reading.ok ? [] : reading.problems).toEqual(
    expect.arrayContaining(problems.map((problem) => expect.stringMatching(problem))),
  );
  expect(reading.ok).toBe(false);
});

test("a single step may stand without its list, and an empty mapping says nothing", () => {
  const step = { "a.b": { x: 1 } };

  expect(readProjectFile({ build: step, push: {}, pull: [], deployments: [{ pull: step, schedule: {} }] })).toEqual({
    ok: true,
    project: { build: [step], push: null, pull: [], deployments: [{ pull: [step], schedule: {} }] },
  });
});
