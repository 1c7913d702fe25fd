import { expect, test } from "vitest";
import { cancelWithoutInfrastructure } from "../../../../src/domain/orchestration/flow-rules/cancel-without-infrastructure.ts";
import { watchCancelling } from "../../../../src/domain/orchestration/transforms/watch-cancelling.ts";
import { flowRun, NOW, propose } from "../support.ts";

const POLICY = { name: "cancel", rules: [cancelWithoutInfrastructure], transforms: [watchCancelling] };

test.each([
  { from: "RUNNING", effects: [{ kind: "watch-cancelling", flowRunId: "run", since: NOW }] },
  { from: "SCHEDULED", effects: [] },
] as const)("cancelling a $from run: $effects", ({ from, effects }) => {
  const asked = { run: flowRun(), from: { type: from }, to: { type: "CANCELLING" } } as const;

  expect(propose(POLICY, asked).effects).toEqual(effects);
});
