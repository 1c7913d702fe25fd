import { expect, test } from "vitest";
import {
  linkStateToFlowRun,
  linkStateToTaskRun,
} from "../../../../src/domain/orchestration/transforms/link-state-to-run.ts";
import { flowRun, onlyTransform, propose, taskRun } from "../support.ts";

const ASKED = { from: null, to: { type: "RUNNING" } } as const;

test.each([
  { parent: null, links: { flow_run_id: "run", task_run_id: null } },
  { parent: "parent", links: { flow_run_id: "run", task_run_id: "parent" } },
])("a state of a flow run with parent $parent names $links", ({ parent, links }) => {
  const decision = propose(onlyTransform(linkStateToFlowRun), {
    ...ASKED,
    run: flowRun({ parent_task_run_id: parent }),
  });

  expect(decision.state?.state_details).toMatchObject(links);
});

test("a state of a task run names its run and its flow run", () => {
  const decision = propose(onlyTransform(linkStateToTaskRun), { ...ASKED, run: taskRun({ flow_run_id: "flow" }) });

  expect(decision.state?.state_details).toMatchObject({ flow_run_id: "flow", task_run_id: "run" });
});
