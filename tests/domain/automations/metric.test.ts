import { expect, test } from "vitest";
import type { Bucket } from "../../../src/domain/automations/bucket.ts";
import { applyMeasurement, measure } from "../../../src/domain/automations/metric.ts";
import { addSeconds } from "../../../src/kit/timestamp.ts";

const START = "2030-01-01T00:00:00Z";
const query = { name: "duration", operator: ">", threshold: 10, range: 300, firing_for: 300 } as const;

test.each<[string, (readonly [number, number | undefined])[], string[]]>([
  [
    "bad for long enough",
    [
      [0, 20],
      [200, 20],
      [301, 20],
      [999, 20],
    ],
    ["Triggered 301"],
  ],
  [
    "bad, but good in between",
    [
      [0, 20],
      [200, 5],
      [301, 20],
      [500, 20],
    ],
    [],
  ],
  [
    "bad, but nothing ran in between",
    [
      [0, 20],
      [200, undefined],
      [301, 20],
      [500, 20],
    ],
    [],
  ],
  [
    "good again for long enough",
    [
      [0, 20],
      [300, 20],
      [400, 5],
      [700, 5],
      [1100, 5],
    ],
    ["Triggered 300", "Resolved 700"],
  ],
  [
    "good again only for a moment",
    [
      [0, 20],
      [300, 20],
      [400, 5],
      [500, 20],
      [710, 5],
    ],
    ["Triggered 300"],
  ],
])("a metric that is %s", (_how, values, expected) => {
  let bucket: Bucket | undefined;

  const fired = values.flatMap(([seconds, value]) => {
    const outcome = applyMeasurement(query, bucket, { now: addSeconds(START, seconds), value });
    bucket = outcome.bucket;
    return outcome.fired ? [`${outcome.fired} ${seconds}`] : [];
  });

  expect(fired).toEqual(expected);
});

test("what has been triggered for months is still remembered", () => {
  const month = 30 * 86_400;
  let bucket: Bucket | undefined;
  for (let day = 0; day <= 90; day++)
    ({ bucket } = applyMeasurement(query, bucket, { now: addSeconds(START, day * 86_400), value: 20 }));

  expect(bucket?.count).toBe(1);
  expect(bucket && bucket.end > addSeconds(START, 3 * month)).toBe(true);
});

test.each([
  ["successes", 2 / 3],
  ["duration", 20],
  ["lateness", 2],
] as const)("%s of runs", (name, expected) => {
  const at = (seconds: number) => addSeconds(START, seconds);
  const runs = [
    { state_type: "COMPLETED", expected_start_time: at(0), start_time: at(6), total_run_time: 10 },
    { state_type: "COMPLETED", expected_start_time: at(9), start_time: at(6), total_run_time: 20 },
    { state_type: "FAILED", expected_start_time: at(0), start_time: at(0), total_run_time: 30 },
  ];

  expect(measure({ name }, runs)).toBeCloseTo(expected);
  expect(measure({ name }, [])).toBeUndefined();
});
