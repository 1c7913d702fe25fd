import { expect, test } from "vitest";
import { addRunTime } from "../../../../src/domain/orchestration/transforms/add-run-time.ts";
import { flowRun, onlyTransform, propose } from "../support.ts";

test.each([
  { from: "RUNNING", total: { total_run_time: 10.3 } },
  { from: "PENDING", total: {} },
] as const)("a run that leaves $from after 10 s and had run 0.3 s: $total", ({ from, total }) => {
  const asked = { run: flowRun({ total_run_time: 0.3 }), from: { type: from }, to: { type: "PAUSED" } } as const;

  expect(propose(onlyTransform(addRunTime), asked).run).toEqual(total);
});
