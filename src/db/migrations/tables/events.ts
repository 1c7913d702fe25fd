import {
  boolean,
  emptyArray,
  falseByDefault,
  identity,
  integer,
  json,
  longText,
  optional,
  references,
  table,
  text,
  timestamp,
  uuid,
  verbatimJson,
  withDefault,
} from "../table-definition.ts";

const automationId = () => references(uuid(), "automation", { onDelete: "CASCADE" });

/** Events and the automations that watch them. */
export const eventTables = {
  events: table(
    "events",
    {
      ...identity,
      occurred: timestamp(),
      event: longText(),
      resource_id: longText(),
      resource: json(),
      related_resource_ids: emptyArray(),
      related: emptyArray(),
      payload: json(),
      received: timestamp(),
      recorded: timestamp(),
      follows: optional(uuid()),
    },
    {
      indexes: {
        // Event feed, newest first, and its counts; retention.
        prefect_ts_ix_events__occurred: "occurred, id, event",
        // Feed of one kind of event; counts by kind.
        ix_events__event_occurred_id: "event, occurred, id",
      },
    },
  ),

  event_resources: table(
    "event_resources",
    {
      ...identity,
      event_id: uuid(),
      occurred: timestamp(),
      resource_id: longText(),
      resource_role: longText(),
      resource: verbatimJson(),
    },
    {
      indexes: {
        // Events in which a resource takes part.
        ix_event_resources__resource_id__occurred: "resource_id, occurred",
        // Resources of an event: filters on roles, retention.
        ix_event_resources__event_id: "event_id",
      },
    },
  ),

  automation: table("automation", {
    ...identity,
    name: text(),
    description: text(),
    enabled: withDefault(boolean(), "'1'", "true"),
    trigger: json(),
    actions: json(),
    actions_on_trigger: emptyArray(),
    actions_on_resolve: emptyArray(),
    tags: emptyArray(),
  }),

  automation_related_resource: table(
    "automation_related_resource",
    {
      ...identity,
      automation_id: automationId(),
      resource_id: optional(text()),
      automation_owned_by_resource: falseByDefault(),
    },
    {
      uniqueIndexes: { uq_automation_related_resource__automation_id__resource_id: "automation_id, resource_id" },
      // Automations of a deployment.
      indexes: { ix_automation_related_resource__resource_id: "resource_id" },
    },
  ),

  automation_bucket: table(
    "automation_bucket",
    {
      ...identity,
      automation_id: automationId(),
      trigger_id: uuid(),
      bucketing_key: json(),
      last_event: optional(json()),
      start: timestamp(),
      end: timestamp(),
      count: integer(),
      last_operation: optional(text()),
      triggered_at: optional(timestamp()),
    },
    {
      uniqueIndexes: {
        uq_automation_bucket__automation_id__trigger_id__bucketing_key: "automation_id, trigger_id, bucketing_key",
      },
      // Buckets whose time is up.
      indexes: { ix_automation_bucket__automation_id__end: 'automation_id, "end"' },
    },
  ),

  automation_held_event: table(
    "automation_held_event",
    {
      ...identity,
      automation_id: automationId(),
      trigger_id: uuid(),
      bucketing_key: emptyArray(),
      event_id: uuid(),
      occurred: timestamp(),
    },
    {
      uniqueIndexes: {
        uq_automation_held_event__trigger_key_event: "automation_id, trigger_id, bucketing_key, event_id",
      },
      indexes: {
        // Oldest held events of a bucket.
        ix_automation_held_event__trigger_key_occurred: "automation_id, trigger_id, bucketing_key, occurred, event_id",
      },
    },
  ),

  composite_trigger_child_firing: table(
    "composite_trigger_child_firing",
    {
      ...identity,
      automation_id: automationId(),
      parent_trigger_id: uuid(),
      child_trigger_id: uuid(),
      child_firing_id: uuid(),
      child_fired_at: optional(timestamp()),
      child_firing: json(),
    },
    {
      uniqueIndexes: {
        uq_composite_trigger_child_firing__a_id__pt_id__ct__id: "automation_id, parent_trigger_id, child_trigger_id",
      },
    },
  ),

  automation_event_follower: table(
    "automation_event_follower",
    {
      ...identity,
      scope: text(),
      leader_event_id: uuid(),
      follower_event_id: uuid(),
      received: timestamp(),
      follower: json(),
    },
    {
      uniqueIndexes: { uq_follower_for_scope: "scope, follower_event_id" },
      // Followers of an event that has arrived.
      indexes: { ix_ae_follower_scope_leader: "scope, leader_event_id" },
    },
  ),
};
