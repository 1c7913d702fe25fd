import type { Migration } from "./step.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";

export const eventResourceTimeIndex: Migration = {
  title: "Find old resources of events",
  revision: { sqlite: "79e7a60e43d8", postgres: "bad1e352c597" },
  up: [createIndex("event_resources ix_event_resources__occurred (occurred)")],
  down: [dropIndex("ix_event_resources__occurred")],
};
