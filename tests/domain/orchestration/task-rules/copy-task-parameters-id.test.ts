import { expect, test } from "vitest";
import { copyTaskParametersId } from "../../../../src/domain/orchestration/task-rules/copy-task-parameters-id.ts";
import { only, propose, taskRun } from "../support.ts";

test.each([
  { held: "stored", sent: null, kept: "stored" },
  { held: "stored", sent: "other", kept: "other" },
  { held: null, sent: null, kept: null },
])("parameters $held scheduled and $sent proposed: $kept", ({ held, sent, kept }) => {
  const decision = propose(only(copyTaskParametersId), {
    run: taskRun(),
    from: { type: "SCHEDULED", state_details: { task_parameters_id: held } },
    to: { type: "PENDING", state_details: { task_parameters_id: sent } },
  });

  expect(decision.state?.state_details.task_parameters_id).toBe(kept);
});
