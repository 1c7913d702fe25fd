import type { Migration } from "./step.ts";
import { createIndex } from "./steps/indexes.ts";

export const wholeEventResourceIndex: Migration = {
  title: "Build anew an index that an upgrade left unfinished",
  revision: { postgres: "c8d5f2a71b3e" },
  up: [createIndex("event_resources ix_event_resources__occurred (occurred)")],
  down: [],
};
