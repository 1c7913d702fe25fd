import { expect, test } from "vitest";
import { emitFlowRunEvent } from "../../../../src/domain/orchestration/transforms/emit-flow-run-event.ts";
import { flowRun, onlyTransform, propose } from "../support.ts";

test("a change of state is told with the state before and the state after", () => {
  const asked = { run: flowRun(), from: { type: "PENDING" }, to: { type: "RUNNING" } } as const;

  expect(propose(onlyTransform(emitFlowRunEvent), asked).effects).toMatchObject([
    { kind: "emit-flow-run-event", initial: { type: "PENDING" }, state: { id: "proposed", type: "RUNNING" } },
  ]);
});
