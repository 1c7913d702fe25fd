import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareStates,
  mergeTaskRunReport,
  type StateColumns,
  type TaskRunReport,
} from "../../../src/domain/orchestration/task-run-merge.ts";
import { STATE_TYPES } from "../../../src/schemas/state.ts";
import { at } from "./support.ts";

type Row = Readonly<Record<string, unknown>>;

const report: fc.Arbitrary<TaskRunReport> = fc.record({
  columns: fc.record({ name: fc.string(), run_count: fc.nat(5), end_time: fc.constantFrom(null, at(1)) }),
  state: fc.record({
    id: fc.uuid(),
    type: fc.constantFrom(...STATE_TYPES),
    name: fc.constantFrom("Running", "Retrying", "Completed"),
    timestamp: fc.integer({ min: 0, max: 4 }).map((micros) => at(micros / 1_000_000)),
  }),
});

// An event's id names its state: two reports with one id are the same report.
const reports = fc.uniqueArray(report, { selector: ({ state }) => state.id, minLength: 1, maxLength: 12 });

function record(items: readonly TaskRunReport[]): Row {
  const row: Record<string, unknown> = {};
  for (const [index, item] of items.entries()) {
    Object.assign(row, mergeTaskRunReport(index === 0 ? undefined : (row as unknown as StateColumns), item));
  }
  return row;
}

test("any order and any repetition of the same reports ends in the same row", () => {
  const shuffled = reports.chain((items) =>
    fc.tuple(fc.constant(items), fc.shuffledSubarray([...items, ...items], { minLength: items.length * 2 })),
  );
  fc.assert(
    fc.property(shuffled, ([items, again]) => {
      expect(record(again)).toEqual(record(items));
    }),
  );
});

test("reports in the order of their time end in the last one", () => {
  const ordered = fc
    .array(report, { minLength: 1, maxLength: 8 })
    .map((items) => items.map((item, index) => ({ ...item, state: { ...item.state, timestamp: at(index) } })));
  fc.assert(
    fc.property(ordered, (items) => {
      expect(record(items).state_id).toBe(items.at(-1)?.state.id);
    }),
  );
});

describe("the later of two states", () => {
  const state = (state_type: StateColumns["state_type"], seconds: number, state_id = "a"): StateColumns => ({
    state_id,
    state_type,
    state_name: "",
    state_timestamp: at(seconds),
  });

  test.each([
    { title: "is the one with the later timestamp", later: state("RUNNING", 2), earlier: state("FAILED", 1) },
    { title: "is the terminal one at the same time", later: state("COMPLETED", 1), earlier: state("RUNNING", 1, "b") },
    {
      title: "is the one with the greater id otherwise",
      later: state("RUNNING", 1, "b"),
      earlier: state("PENDING", 1),
    },
  ])("$title", ({ later, earlier }) => {
    expect(compareStates(later, earlier)).toBeGreaterThan(0);
    expect(compareStates(earlier, later)).toBeLessThan(0);
  });
});

test("a report overwrites its columns and leaves the others alone", () => {
  const state = { id: "s2", type: "COMPLETED", name: "Completed", timestamp: at(2) } as const;
  const stored = { state_id: "s1", state_type: "RUNNING", state_name: "Running", state_timestamp: at(1) } as const;

  expect(mergeTaskRunReport(stored, { columns: { run_count: 2 }, state })).toEqual({
    run_count: 2,
    state_id: "s2",
    state_type: "COMPLETED",
    state_name: "Completed",
    state_timestamp: at(2),
  });
});
