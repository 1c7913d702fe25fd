import * as s from "../kit/schema/schema.ts";
import { NAME_PATTERN, orAbsent, orNull, storedFields } from "./common.ts";
import { FlowRunSlotSummary } from "./work-pool.ts";

export const WorkQueueStatus = s.oneOf(["READY", "NOT_READY", "PAUSED"], "WorkQueueStatus");
export type WorkQueueStatus = s.Infer<typeof WorkQueueStatus>;

export const QueueFilter = s.object("QueueFilter", {
  tags: orAbsent(s.array(s.string())),
  deployment_ids: orAbsent(s.array(s.uuid())),
});
export type QueueFilter = s.Infer<typeof QueueFilter>;

export const WorkQueue = s.object("WorkQueue", {
  ...storedFields,
  name: s.string({ pattern: NAME_PATTERN }),
  description: s.defaulted(s.nullable(s.string()), ""),
  is_paused: s.defaulted(s.boolean(), false),
  concurrency_limit: orNull(s.integer({ ge: 0 })),
  priority: s.defaulted(s.integer({ gt: 0 }), 1),
  work_pool_id: orNull(s.uuid()),
  filter: s.supplied(s.documented(s.nullable(QueueFilter), { keywords: { deprecated: true } })),
  last_polled: orNull(s.dateTime()),
});
export type WorkQueue = s.Infer<typeof WorkQueue>;

export const WorkQueueCreate = s.object(
  "WorkQueueCreate",
  {
    name: s.string({ pattern: NAME_PATTERN }),
    description: s.defaulted(s.nullable(s.string()), ""),
    is_paused: s.defaulted(s.boolean(), false),
    concurrency_limit: orNull(s.integer({ ge: 0 })),
    priority: orNull(s.integer({ gt: 0 })),
    filter: s.optional(s.documented(s.nullable(QueueFilter), { keywords: { deprecated: true } })),
  },
  { extra: "forbid" },
);
export type WorkQueueCreate = s.Infer<typeof WorkQueueCreate>;

export const WorkQueueUpdate = s.object(
  "WorkQueueUpdate",
  {
    name: s.optional(s.nullable(s.string())),
    description: s.optional(s.nullable(s.string())),
    is_paused: s.optional(s.boolean(), false),
    concurrency_limit: s.optional(s.nullable(s.integer({ ge: 0 }))),
    priority: s.optional(s.nullable(s.integer({ gt: 0 }))),
    last_polled: s.optional(s.nullable(s.dateTime())),
    filter: s.optional(s.documented(s.nullable(QueueFilter), { keywords: { deprecated: true } })),
  },
  { extra: "forbid" },
);
export type WorkQueueUpdate = s.Infer<typeof WorkQueueUpdate>;

export const WorkQueueResponse = s.object("WorkQueueResponse", {
  ...storedFields,
  name: s.string({ pattern: NAME_PATTERN }),
  description: s.defaulted(s.nullable(s.string()), ""),
  is_paused: s.defaulted(s.boolean(), false),
  concurrency_limit: orNull(s.integer({ ge: 0 })),
  priority: s.defaulted(s.integer({ gt: 0 }), 1),
  work_pool_id: orNull(s.uuid()),
  filter: s.supplied(s.documented(s.nullable(QueueFilter), { keywords: { deprecated: true } })),
  last_polled: orNull(s.dateTime()),
  work_pool_name: orNull(s.string()),
  status: orNull(WorkQueueStatus),
  active_slots: orNull(s.integer()),
});
export type WorkQueueResponse = s.Infer<typeof WorkQueueResponse>;

export const WorkQueueHealthPolicy = s.object("WorkQueueHealthPolicy", {
  maximum_late_runs: s.defaulted(s.nullable(s.integer()), 0),
  maximum_seconds_since_last_polled: s.defaulted(s.nullable(s.integer()), 60),
});
export type WorkQueueHealthPolicy = s.Infer<typeof WorkQueueHealthPolicy>;

export const WorkQueueStatusDetail = s.object("WorkQueueStatusDetail", {
  healthy: s.boolean(),
  late_runs_count: s.defaulted(s.integer(), 0),
  last_polled: orNull(s.dateTime()),
  health_check_policy: WorkQueueHealthPolicy,
});
export type WorkQueueStatusDetail = s.Infer<typeof WorkQueueStatusDetail>;

export const WorkQueueConcurrencyStatus = s.object("WorkQueueConcurrencyStatus", {
  active_slots: s.integer(),
  concurrency_limit: orNull(s.integer()),
  flow_runs: s.defaulted(s.array(FlowRunSlotSummary), () => []),
  count: s.integer(),
  limit: s.integer(),
  pages: s.integer(),
  page: s.integer(),
});
export type WorkQueueConcurrencyStatus = s.Infer<typeof WorkQueueConcurrencyStatus>;
