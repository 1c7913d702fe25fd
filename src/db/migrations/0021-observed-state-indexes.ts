import type { Migration } from "./step.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";

export const observedStateIndexes: Migration = {
  title: "Find the names that states have had",
  revision: { sqlite: "27d8f4e1a6c9", postgres: "91e2b8f3d6a4" },
  up: [
    createIndex("flow_run_state ix_flow_run_state__type_name_timestamp (type, name, timestamp)", "sqlite"),
    createIndex("task_run_state ix_task_run_state__type_name_timestamp (type, name, timestamp)", "sqlite"),
  ],
  down: [
    dropIndex("ix_flow_run_state__type_name_timestamp", "sqlite"),
    dropIndex("ix_task_run_state__type_name_timestamp", "sqlite"),
  ],
};
