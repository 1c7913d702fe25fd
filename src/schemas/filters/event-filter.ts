import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { EventOrder, ResourceSpecification } from "../event.ts";

export const EventAnyResourceFilter = s.object(
  "EventAnyResourceFilter",
  {
    id: orAbsent(s.array(s.string())),
    id_prefix: orAbsent(s.array(s.string())),
    labels: orAbsent(ResourceSpecification),
  },
  { extra: "forbid" },
);
export type EventAnyResourceFilter = s.Infer<typeof EventAnyResourceFilter>;

export const EventIDFilter = s.object(
  "EventIDFilter",
  {
    id: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type EventIDFilter = s.Infer<typeof EventIDFilter>;

export const EventNameFilter = s.object(
  "EventNameFilter",
  {
    prefix: orAbsent(s.array(s.string())),
    exclude_prefix: orAbsent(s.array(s.string())),
    name: orAbsent(s.array(s.string())),
    exclude_name: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type EventNameFilter = s.Infer<typeof EventNameFilter>;

export const EventOccurredFilter = s.object(
  "EventOccurredFilter",
  {
    since: s.optional(s.dateTime()),
    until: s.optional(s.dateTime()),
  },
  { extra: "forbid" },
);
export type EventOccurredFilter = s.Infer<typeof EventOccurredFilter>;

export const EventRelatedFilter = s.object(
  "EventRelatedFilter",
  {
    id: orAbsent(s.array(s.string())),
    role: orAbsent(s.array(s.string())),
    resources_in_roles: orAbsent(s.array(s.tuple([s.string(), s.string()]))),
    labels: orAbsent(ResourceSpecification),
  },
  { extra: "forbid" },
);
export type EventRelatedFilter = s.Infer<typeof EventRelatedFilter>;

export const EventResourceFilter = s.object(
  "EventResourceFilter",
  {
    id: orAbsent(s.array(s.string())),
    id_prefix: orAbsent(s.array(s.string())),
    labels: orAbsent(ResourceSpecification),
    distinct: s.defaulted(s.boolean(), false),
  },
  { extra: "forbid" },
);
export type EventResourceFilter = s.Infer<typeof EventResourceFilter>;

export const EventTextFilter = s.object(
  "EventTextFilter",
  {
    query: s.string({ maxLength: 200 }),
  },
  { extra: "forbid" },
);
export type EventTextFilter = s.Infer<typeof EventTextFilter>;

export const EventFilter = s.object(
  "EventFilter",
  {
    occurred: s.optional(EventOccurredFilter),
    event: orAbsent(EventNameFilter),
    resource: orAbsent(EventResourceFilter),
    related: orAbsent(s.union([EventRelatedFilter, s.array(EventRelatedFilter)])),
    any_resource: orAbsent(s.union([EventAnyResourceFilter, s.array(EventAnyResourceFilter)])),
    id: s.optional(EventIDFilter),
    text: orAbsent(EventTextFilter),
    order: s.defaulted(EventOrder, "DESC"),
  },
  { extra: "forbid" },
);
export type EventFilter = s.Infer<typeof EventFilter>;
