import type { Migration } from "./step.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";

export const taskRunStateIndex: Migration = {
  title: "Find task runs by state and start",
  revision: { sqlite: "4dfa692e02a7", postgres: "09a9e091e578" },
  up: [createIndex("task_run ix_task_run__state_type_start_time (state_type, start_time)")],
  down: [dropIndex("ix_task_run__state_type_start_time")],
};
