import * as s from "../kit/schema/schema.ts";

export const FlowRunSort = s.oneOf(
  [
    "ID_DESC",
    "START_TIME_ASC",
    "START_TIME_DESC",
    "EXPECTED_START_TIME_ASC",
    "EXPECTED_START_TIME_DESC",
    "NAME_ASC",
    "NAME_DESC",
    "NEXT_SCHEDULED_START_TIME_ASC",
    "END_TIME_DESC",
  ],
  "FlowRunSort",
);
export type FlowRunSort = s.Infer<typeof FlowRunSort>;

export const TaskRunSort = s.oneOf(
  [
    "ID_DESC",
    "EXPECTED_START_TIME_ASC",
    "EXPECTED_START_TIME_DESC",
    "NAME_ASC",
    "NAME_DESC",
    "NEXT_SCHEDULED_START_TIME_ASC",
    "END_TIME_DESC",
    "DURATION_DESC",
    "DURATION_ASC",
  ],
  "TaskRunSort",
);
export type TaskRunSort = s.Infer<typeof TaskRunSort>;

export const FlowSort = s.oneOf(["CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC"], "FlowSort");
export type FlowSort = s.Infer<typeof FlowSort>;

export const DeploymentSort = s.oneOf(["CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC"], "DeploymentSort");
export type DeploymentSort = s.Infer<typeof DeploymentSort>;

export const LogSort = s.oneOf(["TIMESTAMP_ASC", "TIMESTAMP_DESC"], "LogSort");
export type LogSort = s.Infer<typeof LogSort>;

export const ArtifactSort = s.oneOf(["CREATED_DESC", "UPDATED_DESC", "ID_DESC", "KEY_DESC", "KEY_ASC"], "ArtifactSort");
export type ArtifactSort = s.Infer<typeof ArtifactSort>;

export const ArtifactCollectionSort = s.oneOf(
  ["CREATED_DESC", "UPDATED_DESC", "ID_DESC", "KEY_DESC", "KEY_ASC"],
  "ArtifactCollectionSort",
);
export type ArtifactCollectionSort = s.Infer<typeof ArtifactCollectionSort>;

export const VariableSort = s.oneOf(["CREATED_DESC", "UPDATED_DESC", "NAME_DESC", "NAME_ASC"], "VariableSort");
export type VariableSort = s.Infer<typeof VariableSort>;

export const BlockDocumentSort = s.oneOf(["NAME_DESC", "NAME_ASC", "BLOCK_TYPE_AND_NAME_ASC"], "BlockDocumentSort");
export type BlockDocumentSort = s.Infer<typeof BlockDocumentSort>;

export const AutomationSort = s.oneOf(["CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC"], "AutomationSort");
export type AutomationSort = s.Infer<typeof AutomationSort>;

export const ObservedStateSort = s.oneOf(["NAME_ASC", "LAST_SEEN_DESC"], "ObservedStateSort");
export type ObservedStateSort = s.Infer<typeof ObservedStateSort>;
