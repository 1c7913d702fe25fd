import * as s from "../kit/schema/schema.ts";
import { orNull } from "./common.ts";

/** Limits of the reference's default settings. */
const MAX_LABELS = 500;
const MAX_RELATED_RESOURCES = 100;
const MAX_EVENT_NAME_LENGTH = 1024;

/** What an event is about: labels, `prefect.resource.id` among them. */
export const Resource = s.refine(s.named("Resource", s.record(s.string())), checkResource);
export type Resource = s.Infer<typeof Resource>;

/** A resource with the role it plays in an event, in `prefect.resource.role`. */
export const RelatedResource = s.refine(s.named("RelatedResource", s.record(s.string())), checkRelatedResource);
export type RelatedResource = s.Infer<typeof RelatedResource>;

/** Label → the values it may have; `*` at the end of a value stands for anything. */
export const ResourceSpecification = s.named(
  "ResourceSpecification",
  s.record(s.union([s.string(), s.array(s.string())])),
);
export type ResourceSpecification = s.Infer<typeof ResourceSpecification>;

const eventName = s.refine(s.string(), (name) =>
  name.length > MAX_EVENT_NAME_LENGTH ? `Event name must be at most ${MAX_EVENT_NAME_LENGTH} characters` : undefined,
);

const relatedResources = s.refine(s.array(RelatedResource), (related) =>
  related.length > MAX_RELATED_RESOURCES
    ? `The maximum number of related resources is ${MAX_RELATED_RESOURCES}`
    : undefined,
);

export const Event = s.object("Event", {
  occurred: s.dateTime(),
  event: eventName,
  resource: Resource,
  related: s.defaulted(relatedResources, () => []),
  payload: s.defaulted(s.record(s.json()), () => ({})),
  id: s.uuid(),
  follows: orNull(s.uuid()),
});
export type Event = s.Infer<typeof Event>;

/** An event with the time the server got it. */
export const ReceivedEvent = s.object("ReceivedEvent", {
  ...Event.fields,
  received: s.supplied(s.dateTime()),
});
export type ReceivedEvent = s.Infer<typeof ReceivedEvent>;

export const EventOrder = s.oneOf(["ASC", "DESC"], "EventOrder");
export type EventOrder = s.Infer<typeof EventOrder>;

export const EventCount = s.object("EventCount", {
  value: s.string(),
  label: s.string(),
  count: s.integer(),
  start_time: s.dateTime(),
  end_time: s.dateTime(),
});
export type EventCount = s.Infer<typeof EventCount>;

export const EventPage = s.object("EventPage", {
  events: s.array(ReceivedEvent),
  total: s.integer(),
  next_page: s.nullable(s.string({ minLength: 1, format: "uri" })),
});
export type EventPage = s.Infer<typeof EventPage>;

export const Countable = s.oneOf(["day", "time", "event", "resource"], "Countable");
export type Countable = s.Infer<typeof Countable>;

export const TimeUnit = s.oneOf(["week", "day", "hour", "minute", "second"], "TimeUnit");
export type TimeUnit = s.Infer<typeof TimeUnit>;

function checkResource(labels: Readonly<Record<string, string>>): string | undefined {
  if (Object.keys(labels).length > MAX_LABELS) return `The maximum number of labels per resource is ${MAX_LABELS}`;
  const id = labels["prefect.resource.id"];
  if (id === undefined) return "Resources must include the prefect.resource.id label";
  return id === "" ? "The prefect.resource.id label must be non-empty" : undefined;
}

function checkRelatedResource(labels: Readonly<Record<string, string>>): string | undefined {
  const problem = checkResource(labels);
  if (problem !== undefined) return problem;
  const role = labels["prefect.resource.role"];
  if (role === undefined) return "Related Resources must include the prefect.resource.role label";
  return role === "" ? "The prefect.resource.role label must be non-empty" : undefined;
}
