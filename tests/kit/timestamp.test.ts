import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addSeconds,
  compareTimestamps,
  fromDatabaseTimestamp,
  isTimestamp,
  secondsBetween,
  timestampFromMs,
  timestampToMs,
  toSqliteTimestamp,
} from "../../src/kit/timestamp.ts";

/** Any timestamp of the years 1970 to 2100, to the microsecond. */
const timestamps = fc
  .record({ ms: fc.integer({ min: 0, max: 4_102_444_800_000 }), micros: fc.integer({ min: 0, max: 999 }) })
  .map(({ ms, micros }) => {
    const text = new Date(ms).toISOString().slice(0, 23) + String(micros).padStart(3, "0");
    return text.endsWith(".000000") ? `${text.slice(0, 19)}Z` : `${text}Z`;
  });
const wholeMicros = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }).map((micros) => micros / 1_000_000);

describe("adding seconds", () => {
  test.each([
    { from: "2026-01-01T00:00:00Z", seconds: 0.000001, to: "2026-01-01T00:00:00.000001Z" },
    { from: "2026-01-01T00:00:00Z", seconds: -0.000001, to: "2025-12-31T23:59:59.999999Z" },
    { from: "2024-02-28T23:59:59.5Z", seconds: 0.5, to: "2024-02-29T00:00:00Z" },
    { from: "1969-12-31T23:59:59.999999Z", seconds: 1, to: "1970-01-01T00:00:00.999999Z" },
    { from: "0099-12-31T23:59:59Z", seconds: 1, to: "0100-01-01T00:00:00Z" },
    { from: "9999-12-31T23:59:59Z", seconds: 1, to: "9999-12-31T23:59:59.999999Z" },
    { from: "2026-01-01T00:00:00Z", seconds: 1e300, to: "9999-12-31T23:59:59.999999Z" },
    { from: "2026-01-01T00:00:00Z", seconds: -1e300, to: "0001-01-01T00:00:00Z" },
  ])("$seconds to $from gives $to", ({ from, seconds, to }) => {
    expect(addSeconds(from, seconds)).toBe(to);
  });

  test("is undone by taking them away", () => {
    fc.assert(
      fc.property(timestamps, wholeMicros, (timestamp, seconds) => {
        expect(addSeconds(addSeconds(timestamp, seconds), -seconds)).toBe(timestamp);
      }),
    );
  });

  test("is measured by the seconds between", () => {
    fc.assert(
      fc.property(timestamps, wholeMicros, (timestamp, seconds) => {
        expect(secondsBetween(timestamp, addSeconds(timestamp, seconds))).toBe(seconds);
      }),
    );
  });
});

describe("timestamps", () => {
  test("compare as the times they tell", () => {
    fc.assert(
      fc.property(timestamps, timestamps, (a, b) => {
        expect(Math.sign(compareTimestamps(a, b))).toBe(-Math.sign(secondsBetween(a, b)) || 0);
      }),
    );
  });

  test("survive SQLite", () => {
    fc.assert(
      fc.property(timestamps, (timestamp) => {
        expect(fromDatabaseTimestamp(toSqliteTimestamp(timestamp))).toBe(timestamp);
      }),
    );
  });

  test("compare as text in SQLite's form", () => {
    fc.assert(
      fc.property(timestamps, timestamps, (a, b) => {
        const [textA, textB] = [toSqliteTimestamp(a), toSqliteTimestamp(b)];
        expect(Math.sign(compareTimestamps(a, b))).toBe(textA === textB ? 0 : textA < textB ? -1 : 1);
      }),
    );
  });

  test("survive milliseconds with a fraction", () => {
    fc.assert(
      fc.property(timestamps, (timestamp) => {
        expect(timestampFromMs(timestampToMs(timestamp))).toBe(timestamp);
      }),
    );
  });

  test.each([
    { text: "2026-01-02 03:04:05.120000", timestamp: "2026-01-02T03:04:05.120000Z" },
    { text: "2026-01-02 03:04:05.000000", timestamp: "2026-01-02T03:04:05Z" },
    { text: "2026-01-02 03:04:05.12+00", timestamp: "2026-01-02T03:04:05.120000Z" },
    { text: "2026-01-02 03:04:05+00", timestamp: "2026-01-02T03:04:05Z" },
    { text: "2026-01-02 03:04:05", timestamp: "2026-01-02T03:04:05Z" },
  ])("are read from a database's $text", ({ text, timestamp }) => {
    expect(fromDatabaseTimestamp(text)).toBe(timestamp);
  });

  test.each([
    ["2026-01-02T03:04:05Z", true],
    ["2026-01-02T03:04:05.1Z", true],
    ["2026-01-02T03:04:05.1234567Z", false],
    ["2026-01-02 03:04:05Z", false],
    ["2026-01-02T03:04:05+00:00", false],
  ])("in the wire form: %s is one: %s", (text, expected) => {
    expect(isTimestamp(text)).toBe(expected);
  });
});
