import { expect, test } from "vitest";
import { preventResultLoss } from "../../../../src/domain/orchestration/flow-rules/prevent-result-loss.ts";
import { flowRun, only, propose, summary } from "../support.ts";

const RESULT = { type: "reference", storage_key: "key" };
const REFUSED =
  "REJECT -: Cannot overwrite a COMPLETED state that carries persisted result data with one that does not.";

test.each([
  { held: RESULT, sent: null, expected: REFUSED },
  { held: RESULT, sent: { type: "unpersisted" }, expected: REFUSED },
  { held: RESULT, sent: "text", expected: REFUSED },
  { held: RESULT, sent: RESULT, expected: "ACCEPT COMPLETED" },
  { held: "text", sent: null, expected: "ACCEPT COMPLETED" },
  { held: null, sent: null, expected: "ACCEPT COMPLETED" },
])("COMPLETED with $held overwritten with $sent: $expected", ({ held, sent, expected }) => {
  const decision = propose(only(preventResultLoss), {
    run: flowRun(),
    from: { type: "COMPLETED", data: held },
    to: { type: "COMPLETED", data: sent },
  });

  expect(summary(decision)).toBe(expected);
});
