import type { Migration } from "./step.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";

const NAME = "ix_flow_run__schedule_id_scheduler";

export const scheduleIdIndex: Migration = {
  title: "Find the scheduled runs of one schedule",
  revision: { sqlite: "a1b2c3d4e5f7", postgres: "a1b2c3d4e5f6" },
  up: [
    createIndex(
      `flow_run ${NAME} (deployment_id, json_extract(created_by, '$.id'), next_scheduled_start_time) WHERE state_type = 'SCHEDULED' AND auto_scheduled = 1`,
      "sqlite",
    ),
    createIndex(
      `flow_run ${NAME} (deployment_id, (created_by ->> 'id'), next_scheduled_start_time) WHERE state_type = 'SCHEDULED' AND auto_scheduled = true`,
      "postgres",
    ),
  ],
  down: [dropIndex(NAME)],
};
