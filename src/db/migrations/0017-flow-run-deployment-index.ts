import type { Migration } from "./step.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";

export const flowRunDeploymentIndex: Migration = {
  title: "Find the flow runs of a deployment",
  revision: { sqlite: "f416ea180ae1", postgres: "9e9dadc36797" },
  up: [createIndex("flow_run ix_flow_run__deployment_id (deployment_id)")],
  down: [dropIndex("ix_flow_run__deployment_id")],
};
