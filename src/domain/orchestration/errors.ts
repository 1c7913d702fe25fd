import { defineError } from "../../kit/errors.ts";

export const FactNotLoaded = defineError(
  "ORCHESTRATION_FACT_NOT_LOADED",
  500,
  (rule: string, fact: string) => `The rule "${rule}" was asked to decide without the fact "${fact}" it declares.`,
);

export const EnclosingFlowRunMissing = defineError(
  "ENCLOSING_FLOW_RUN_MISSING",
  404,
  (taskRunId: string) =>
    `Unable to read flow run associated with task run: ${taskRunId}, this flow run might have been deleted`,
);
