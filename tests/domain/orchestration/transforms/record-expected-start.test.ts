import { expect, test } from "vitest";
import type { FlowRunColumns } from "../../../../src/domain/orchestration/facts.ts";
import type { StateFields } from "../../../../src/domain/orchestration/states.ts";
import { recordExpectedStart } from "../../../../src/domain/orchestration/transforms/record-expected-start.ts";
import { at, flowRun, onlyTransform, propose } from "../support.ts";

const SCHEDULED = { type: "SCHEDULED", state_details: { scheduled_time: at(60) } } as const;

const cases: readonly {
  title: string;
  from: StateFields | null;
  to: StateFields;
  run?: Partial<FlowRunColumns>;
  expected: object;
}[] = [
  {
    title: "scheduled first",
    from: null,
    to: SCHEDULED,
    expected: { expected_start_time: at(60), next_scheduled_start_time: at(60) },
  },
  { title: "pending first", from: null, to: { type: "PENDING" }, expected: { expected_start_time: at(0) } },
  {
    title: "submitted",
    from: SCHEDULED,
    to: { type: "PENDING" },
    run: { expected_start_time: at(60), next_scheduled_start_time: at(60) },
    expected: { next_scheduled_start_time: null },
  },
  {
    title: "scheduled again",
    from: { type: "RUNNING" },
    to: SCHEDULED,
    run: { expected_start_time: at(-60) },
    expected: { next_scheduled_start_time: at(60) },
  },
];

test.each(cases)("a run that is $title: $expected", ({ from, to, run, expected }) => {
  expect(propose(onlyTransform(recordExpectedStart), { run: flowRun(run), from, to }).run).toEqual(expected);
});
