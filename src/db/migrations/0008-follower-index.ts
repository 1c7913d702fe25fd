import type { Migration } from "./step.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";

export const followerIndex: Migration = {
  title: "Find the followers of an event",
  revision: { sqlite: "3c841a1800a1", postgres: "1c9bb7f78263" },
  up: [createIndex("automation_event_follower ix_ae_follower_scope_leader (scope, leader_event_id)")],
  down: [dropIndex("ix_ae_follower_scope_leader")],
};
