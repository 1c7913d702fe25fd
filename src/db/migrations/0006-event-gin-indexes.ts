import type { Migration } from "./step.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";

export const eventGinIndexes: Migration = {
  title: "Find events by related resources",
  revision: { postgres: "7a73514ca2d6" },
  up: [
    createIndex("events ix_events__related_gin (related) USING gin"),
    createIndex("events ix_events__event_occurred (event, occurred)"),
    createIndex("events ix_events__related_resource_ids_gin (related_resource_ids) USING gin"),
    dropIndex("ix_events__event_related_occurred"),
    dropIndex("ix_events__related_resource_ids"),
  ],
  down: [
    createIndex("events ix_events__event_related_occurred (event, related, occurred)"),
    createIndex("events ix_events__related_resource_ids (related_resource_ids)"),
    dropIndex("ix_events__related_gin"),
    dropIndex("ix_events__event_occurred"),
    dropIndex("ix_events__related_resource_ids_gin"),
  ],
};
