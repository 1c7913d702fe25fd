import type { Migration } from "./step.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";

export const eventResourceEventIndex: Migration = {
  title: "Find the resources of an event",
  revision: { sqlite: "14806cb26270", postgres: "50737cdaee36" },
  up: [createIndex("event_resources ix_event_resources__event_id (event_id)")],
  down: [dropIndex("ix_event_resources__event_id")],
};
