import { expect, test } from "vitest";
import { mirrorSubflow } from "../../../../src/domain/orchestration/transforms/mirror-subflow.ts";
import { flowRun, NOW, onlyTransform, propose } from "../support.ts";

const ASKED = { from: { type: "PENDING" }, to: { type: "RUNNING", message: "go" } } as const;

test("a subflow's state is copied, as a new state, to the task run that stands for it", () => {
  const run = flowRun({ parent_task_run_id: "parent" });

  expect(propose(onlyTransform(mirrorSubflow), { ...ASKED, run }).effects).toMatchObject([
    {
      kind: "mirror-subflow-state",
      taskRunId: "parent",
      state: { id: "new-1", timestamp: NOW, message: "go", state_details: { child_flow_run_id: "run" } },
    },
  ]);
});

test("a flow run without a parent mirrors nothing", () => {
  expect(propose(onlyTransform(mirrorSubflow), { ...ASKED, run: flowRun() }).effects).toEqual([]);
});
