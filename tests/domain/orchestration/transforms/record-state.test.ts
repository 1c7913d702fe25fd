import { expect, test } from "vitest";
import { recordState } from "../../../../src/domain/orchestration/transforms/record-state.ts";
import { flowRun, NOW, onlyTransform, propose } from "../support.ts";

test("the run's row names the state it enters", () => {
  const asked = { run: flowRun(), from: null, to: { type: "RUNNING", name: "Retrying" } } as const;

  expect(propose(onlyTransform(recordState), asked).run).toEqual({
    state_id: "proposed",
    state_type: "RUNNING",
    state_name: "Retrying",
    state_timestamp: NOW,
  });
});
