import * as s from "../kit/schema/schema.ts";
import { NAME_PATTERN, storedFields } from "./common.ts";

export const ConcurrencyLimit = s.object("ConcurrencyLimit", {
  ...storedFields,
  tag: s.string(),
  concurrency_limit: s.integer(),
  active_slots: s.defaulted(s.array(s.uuid()), () => []),
});
export type ConcurrencyLimit = s.Infer<typeof ConcurrencyLimit>;

export const ConcurrencyLimitCreate = s.object(
  "ConcurrencyLimitCreate",
  {
    tag: s.string(),
    concurrency_limit: s.integer(),
  },
  { extra: "forbid" },
);
export type ConcurrencyLimitCreate = s.Infer<typeof ConcurrencyLimitCreate>;

export const ConcurrencyLimitV2 = s.object("ConcurrencyLimitV2", {
  ...storedFields,
  active: s.defaulted(s.boolean(), true),
  name: s.string({ pattern: NAME_PATTERN }),
  limit: s.integer(),
  active_slots: s.defaulted(s.integer(), 0),
  denied_slots: s.defaulted(s.integer(), 0),
  slot_decay_per_second: s.defaulted(s.number(), 0),
  avg_slot_occupancy_seconds: s.defaulted(s.number(), 2.0),
});
export type ConcurrencyLimitV2 = s.Infer<typeof ConcurrencyLimitV2>;

export const ConcurrencyLimitV2Create = s.object(
  "ConcurrencyLimitV2Create",
  {
    active: s.defaulted(s.boolean(), true),
    name: s.string({ pattern: NAME_PATTERN }),
    limit: s.integer({ ge: 0 }),
    active_slots: s.defaulted(s.integer({ ge: 0 }), 0),
    denied_slots: s.defaulted(s.integer({ ge: 0 }), 0),
    slot_decay_per_second: s.defaulted(s.number({ ge: 0 }), 0),
  },
  { extra: "forbid" },
);
export type ConcurrencyLimitV2Create = s.Infer<typeof ConcurrencyLimitV2Create>;

export const ConcurrencyLimitV2Update = s.object(
  "ConcurrencyLimitV2Update",
  {
    active: s.optional(s.nullable(s.boolean())),
    name: s.optional(s.nullable(s.string({ pattern: NAME_PATTERN }))),
    limit: s.optional(s.nullable(s.integer({ ge: 0 }))),
    active_slots: s.optional(s.nullable(s.integer({ ge: 0 }))),
    denied_slots: s.optional(s.nullable(s.integer({ ge: 0 }))),
    slot_decay_per_second: s.optional(s.nullable(s.number({ ge: 0 }))),
  },
  { extra: "forbid" },
);
export type ConcurrencyLimitV2Update = s.Infer<typeof ConcurrencyLimitV2Update>;

export const GlobalConcurrencyLimitResponse = s.object("GlobalConcurrencyLimitResponse", {
  ...storedFields,
  active: s.defaulted(s.boolean(), true),
  name: s.string(),
  limit: s.integer(),
  active_slots: s.integer(),
  slot_decay_per_second: s.defaulted(s.number(), 2.0),
});
export type GlobalConcurrencyLimitResponse = s.Infer<typeof GlobalConcurrencyLimitResponse>;

export const MinimalConcurrencyLimitResponse = s.object("MinimalConcurrencyLimitResponse", {
  id: s.uuid(),
  name: s.string(),
  limit: s.integer(),
});
export type MinimalConcurrencyLimitResponse = s.Infer<typeof MinimalConcurrencyLimitResponse>;

export const ConcurrencyLimitWithLeaseResponse = s.object("ConcurrencyLimitWithLeaseResponse", {
  lease_id: s.uuid(),
  limits: s.array(MinimalConcurrencyLimitResponse),
});
export type ConcurrencyLimitWithLeaseResponse = s.Infer<typeof ConcurrencyLimitWithLeaseResponse>;

export const ConcurrencyLeaseHolder = s.object(
  "ConcurrencyLeaseHolder",
  {
    type: s.oneOf(["flow_run", "task_run", "deployment"]),
    id: s.uuid(),
  },
  { extra: "forbid" },
);
export type ConcurrencyLeaseHolder = s.Infer<typeof ConcurrencyLeaseHolder>;
