import { describe, expect, test } from "vitest";
import { bucketSeconds, countBuckets, listBuckets } from "../../../src/domain/events/event-buckets.ts";

const NOW = "2026-11-22T18:10:20.5Z";

describe("buckets", () => {
  test.each([
    {
      name: "days begin at midnight",
      since: "2026-11-20T13:00:00Z",
      until: "2026-11-21T00:00:00.000001Z",
      unit: "day" as const,
      interval: 1,
      starts: ["2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"],
    },
    {
      name: "weeks begin on Monday",
      since: "2026-11-01T00:00:00Z",
      until: "2026-11-10T00:00:00Z",
      unit: "week" as const,
      interval: 1,
      starts: ["2026-10-26T00:00:00Z", "2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z"],
    },
    {
      name: "a range ends with the current unit",
      since: "2026-11-22T17:59:00Z",
      until: "2027-01-01T00:00:00Z",
      unit: "minute" as const,
      interval: 5,
      starts: ["2026-11-22T17:55:00Z", "2026-11-22T18:00:00Z", "2026-11-22T18:05:00Z", "2026-11-22T18:10:00Z"],
    },
    {
      name: "parts of a unit are lengths, too",
      since: "2024-04-01T00:00:01Z",
      until: "2024-04-01T00:00:02Z",
      unit: "second" as const,
      interval: 0.5,
      starts: ["2024-04-01T00:00:01Z", "2024-04-01T00:00:01.500000Z"],
    },
    {
      name: "an empty range has none",
      since: "2024-04-02T00:00:00Z",
      until: "2024-04-02T00:00:00Z",
      unit: "day" as const,
      interval: 1,
      starts: [],
    },
  ])("$name", ({ since, until, unit, interval, starts }) => {
    const size = { unit, lengthSeconds: bucketSeconds(unit, interval) };

    const buckets = listBuckets({ since, until }, size, NOW);

    expect(buckets.map(({ start }) => start)).toEqual(starts);
  });

  test("end a microsecond before the next begins", () => {
    const range = { since: "2024-04-01T00:00:00Z", until: "2024-04-01T02:00:00Z" };

    const buckets = listBuckets(range, { unit: "hour", lengthSeconds: 3600 }, NOW);

    expect(buckets.map(({ end }) => end)).toEqual(["2024-04-01T00:59:59.999999Z", "2024-04-01T01:59:59.999999Z"]);
  });

  test("are counted up", () => {
    const range = { since: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:01Z" };

    expect(countBuckets(range, 86_400)).toBe(2);
  });
});
