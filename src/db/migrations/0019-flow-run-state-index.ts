import type { Migration } from "./step.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";

export const flowRunStateIndex: Migration = {
  title: "Find flow runs by state and start",
  revision: { sqlite: "a3b9c7d2e5f1", postgres: "d4a7e1c93f52" },
  up: [
    createIndex(
      "flow_run ix_flow_run__state_type_coalesce_start_time (state_type, coalesce(start_time, expected_start_time))",
    ),
  ],
  down: [dropIndex("ix_flow_run__state_type_coalesce_start_time")],
};
