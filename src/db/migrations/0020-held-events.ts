import type { Migration } from "./step.ts";
import { createTable, dropTable } from "./steps/tables.ts";
import { emptyArray, identity, references, table, timestamp, uuid } from "./table-definition.ts";

const heldEvent = table(
  "automation_held_event",
  {
    automation_id: references(uuid(), "automation", { onDelete: "CASCADE" }),
    trigger_id: uuid(),
    bucketing_key: emptyArray(),
    event_id: uuid(),
    occurred: timestamp(),
    ...identity,
  },
  {
    uniqueIndexes: {
      uq_automation_held_event__trigger_key_event: "automation_id, trigger_id, bucketing_key, event_id",
    },
    indexes: {
      ix_automation_held_event__trigger_key_occurred: "automation_id, trigger_id, bucketing_key, occurred, event_id",
      ix_automation_held_event__updated: "updated",
    },
  },
);

export const heldEvents: Migration = {
  title: "Keep events that arrive before the bucket that counts them",
  revision: { sqlite: "8f5eda7c1dd7", postgres: "e7f54680bce3" },
  up: [createTable("automation_held_event", heldEvent)],
  down: [dropTable("automation_held_event")],
};
