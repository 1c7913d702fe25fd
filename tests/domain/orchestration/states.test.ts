import { expect, test } from "vitest";
import {
  freshCopy,
  holdsResult,
  isPersistedResult,
  isStorable,
  isTerminal,
  newState,
} from "../../../src/domain/orchestration/states.ts";
import { at, countingIds, NOW, stored } from "./support.ts";

const BIRTH = { now: NOW, ids: countingIds() };

test("a state is named after its type unless it has a name", () => {
  expect(newState({ type: "CANCELLING" }, BIRTH).name).toBe("Cancelling");
  expect(newState({ type: "RUNNING", name: "Retrying" }, BIRTH).name).toBe("Retrying");
});

test("a scheduled state without a time is scheduled for now", () => {
  expect(newState({ type: "SCHEDULED" }, BIRTH).state_details.scheduled_time).toBe(NOW);
  expect(
    newState({ type: "SCHEDULED", state_details: { scheduled_time: at(5) } }, BIRTH).state_details.scheduled_time,
  ).toBe(at(5));
  expect(newState({ type: "PENDING" }, BIRTH).state_details.scheduled_time).toBeNull();
});

test("a fresh copy differs in id and timestamp only", () => {
  const state = stored({ type: "COMPLETED", message: "done", data: { type: "reference" } });

  expect(freshCopy(state, { now: NOW, ids: countingIds("copy") })).toEqual({ ...state, id: "copy-1", timestamp: NOW });
});

test.each(["COMPLETED", "FAILED", "CANCELLED", "CRASHED"] as const)("%s is terminal", (type) => {
  expect(isTerminal({ type })).toBe(true);
});

test.each(["SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING"] as const)("%s is not terminal", (type) => {
  expect(isTerminal({ type })).toBe(false);
});

test.each([
  { data: { type: "reference" }, persisted: true, held: true, storable: true },
  { data: { type: "unpersisted" }, persisted: false, held: false, storable: false },
  { data: {}, persisted: true, held: false, storable: true },
  { data: "text", persisted: false, held: false, storable: true },
  { data: [1], persisted: false, held: false, storable: true },
  { data: null, persisted: false, held: false, storable: false },
])("data $data is a persisted result: $persisted, held: $held, to be stored: $storable", (example) => {
  const { data, persisted, held, storable } = example;

  expect([isPersistedResult(data), holdsResult({ data }), isStorable(data)]).toEqual([persisted, held, storable]);
});
