import { describe, expect, test } from "vitest";
import {
  denySlots,
  hasRoomFor,
  occupiedSlots,
  releaseSlots,
  retryAfterSeconds,
  type SlotCounts,
  takeSlots,
} from "../../../src/domain/concurrency/slots.ts";
import { addSeconds } from "../../../src/kit/timestamp.ts";

const START = "2026-01-01T00:00:00Z";
const waits = { tagSeconds: 10, otherSeconds: 30 };
const later = (seconds: number) => ({ now: addSeconds(START, seconds), waits });

function limit(counts: Partial<SlotCounts> = {}): SlotCounts {
  return {
    name: "a-limit",
    limit: 10,
    active_slots: 0,
    denied_slots: 0,
    slot_decay_per_second: 0,
    avg_slot_occupancy_seconds: 2,
    updated: START,
    ...counts,
  };
}

describe("slots in use", () => {
  test.each([
    { decay: 0, seconds: 1000, occupied: 5 },
    { decay: 0.5, seconds: 1.9, occupied: 5 },
    { decay: 0.5, seconds: 2, occupied: 4 },
    { decay: 0.5, seconds: 7, occupied: 2 },
    { decay: 0.5, seconds: 100, occupied: 0 },
    { decay: 0.5, seconds: -10, occupied: 5 },
  ])("of 5 with a decay of $decay a second, $occupied are left after $seconds s", ({ decay, seconds, occupied }) => {
    const counts = limit({ active_slots: 5, slot_decay_per_second: decay });

    expect(occupiedSlots(counts, later(seconds).now)).toBe(occupied);
  });

  test("room is what decay has left", () => {
    const full = limit({ limit: 2, active_slots: 2, slot_decay_per_second: 1 });

    expect(hasRoomFor(full, 1, later(0).now)).toBe(false);
    expect(hasRoomFor(full, 1, later(1).now)).toBe(true);
    expect(hasRoomFor(full, 2, later(1).now)).toBe(false);
  });
});

describe("taking and giving back", () => {
  test("counts from what is left after decay", () => {
    const counts = limit({ active_slots: 5, denied_slots: 3, slot_decay_per_second: 1 });

    expect(takeSlots(counts, 2, later(2))).toMatchObject({ active_slots: 5, denied_slots: 1 });
    expect(releaseSlots(counts, { slots: 1 }, later(2))).toMatchObject({ active_slots: 2, denied_slots: 1 });
  });

  test("never goes below zero", () => {
    expect(releaseSlots(limit({ active_slots: 1 }), { slots: 5 }, later(0)).active_slots).toBe(0);
  });

  test.each([
    { held: "2 slots for 20 s", slots: 2, occupancySeconds: 20, average: 2 + (10 - 2) / 20 },
    { held: "1 slot for 0.01 s", slots: 1, occupancySeconds: 0.01, average: 2 + (0.1 - 2) / 20 },
    { held: "an unknown time", slots: 1, occupancySeconds: undefined, average: 2 },
  ])("the average occupancy of a limit of 10 follows $held", ({ slots, occupancySeconds, average }) => {
    const released = releaseSlots(limit({ active_slots: 5 }), { slots, occupancySeconds }, later(0));

    expect(released.avg_slot_occupancy_seconds).toBeCloseTo(average, 10);
  });

  test("a limit of 0 keeps its average", () => {
    const released = releaseSlots(limit({ limit: 0 }), { slots: 1, occupancySeconds: 5 }, later(0));

    expect(released.avg_slot_occupancy_seconds).toBe(2);
  });
});

describe("denials", () => {
  test("are counted, and leave the slots in use as they were stored", () => {
    const denied = denySlots(limit({ active_slots: 5, slot_decay_per_second: 1 }), 3, later(2));

    expect(denied).toMatchObject({ active_slots: 5, denied_slots: 3 });
  });

  test.each([
    { what: "the average occupancy", counts: { avg_slot_occupancy_seconds: 5 }, seconds: 10, left: 8 },
    { what: "at most the longest wait", counts: { avg_slot_occupancy_seconds: 999 }, seconds: 30, left: 9 },
    { what: "a tag's longest wait", counts: { name: "tag:x", avg_slot_occupancy_seconds: 999 }, seconds: 30, left: 7 },
    { what: "at least 0.1 s", counts: { avg_slot_occupancy_seconds: 0 }, seconds: 0.5, left: 5 },
    { what: "the slots' own decay", counts: { slot_decay_per_second: 2 }, seconds: 3, left: 4 },
  ])("are forgotten after $what each", ({ counts, seconds, left }) => {
    expect(takeSlots(limit({ denied_slots: 10, ...counts }), 0, later(seconds)).denied_slots).toBe(left);
  });
});

describe("the time to come back", () => {
  // At this draw the distribution gives its average.
  const average = (averageSeconds: number, limits: readonly SlotCounts[], slots = 1) => {
    const draws = Array.from({ length: 2001 }, (_, index) => index / 2001);
    const waited = draws.map((random) => retryAfterSeconds(limits, { slots, random }, waits));
    expect(Math.min(...waited)).toBeGreaterThan(averageSeconds * 0.6);
    expect(Math.max(...waited)).toBeLessThanOrEqual(averageSeconds * 1.3);
  };

  test("grows with those who were denied before", () => {
    average(4, [limit({ limit: 1, denied_slots: 1 })]);
    average(2 * (5 / 10), [limit({ denied_slots: 4 })]);
  });

  test("is at most the longest wait, and a tag's is shorter", () => {
    average(30, [limit({ limit: 1, denied_slots: 500 })]);
    average(10, [limit({ name: "tag:x", limit: 1, denied_slots: 500 })]);
  });

  test("follows the decay where slots free themselves", () => {
    average(6 / 0.1, [limit({ slot_decay_per_second: 0.1, denied_slots: 4 })], 2);
  });

  test("is that of the limit with most who wait", () => {
    average(6, [limit({ limit: 1, denied_slots: 2 }), limit({ limit: 10, avg_slot_occupancy_seconds: 20 })]);
  });
});
