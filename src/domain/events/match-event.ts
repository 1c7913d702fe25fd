import { compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import type { ResourceSpecification } from "../../schemas/event.ts";
import type { EventFilter } from "../../schemas/filters/event-filter.ts";
import { parseTextSearch } from "../text-search.ts";

type Labels = Readonly<Record<string, string>>;

/** An event as far as filters look at it. */
export interface FilteredEvent {
  readonly id: string;
  readonly occurred: Timestamp;
  readonly event: string;
  readonly resource: Labels;
  readonly related: readonly Labels[];
  readonly payload: unknown;
}

/** Whether a filter lets an event through: the same as the database's answer, for one event in hand. */
export function matchesEvent(filter: EventFilter, event: FilteredEvent): boolean {
  const { occurred, event: name, resource, related, any_resource, id, text } = filter;
  return (
    isWithin(event.occurred, occurred) &&
    matchesName(event.event, name) &&
    (!resource || matchesResource(event.resource, resource)) &&
    listOf(related).every((each) => event.related.some((labels) => matchesRelated(labels, each))) &&
    listOf(any_resource).every((each) =>
      [event.resource, ...event.related].some((labels) => matchesResource(labels, each)),
    ) &&
    isListed(id?.id, (each) => each === event.id) &&
    (!text || matchesText(event, text.query))
  );
}

function isWithin(occurred: Timestamp, bounds: EventFilter["occurred"]): boolean {
  const { since, until } = bounds ?? {};
  if (since !== undefined && compareTimestamps(occurred, since) < 0) return false;
  return until === undefined || compareTimestamps(occurred, until) <= 0;
}

function matchesName(name: string, filter: EventFilter["event"]): boolean {
  if (!filter) return true;
  const { prefix, exclude_prefix, name: names, exclude_name } = filter;
  return (
    isListed(prefix, (each) => name.startsWith(each)) &&
    isListed(names, (each) => each === name) &&
    !(exclude_prefix ?? []).some((each) => name.startsWith(each)) &&
    !(exclude_name ?? []).includes(name)
  );
}

interface ResourceCriteria {
  readonly id?: readonly string[] | null;
  readonly id_prefix?: readonly string[] | null;
  readonly labels?: ResourceSpecification | null;
}

function matchesResource(labels: Labels, criteria: ResourceCriteria): boolean {
  const id = labels["prefect.resource.id"] ?? "";
  return (
    isListed(criteria.id, (each) => each === id) &&
    isListed(criteria.id_prefix, (each) => id.startsWith(each)) &&
    matchesLabels(labels, criteria.labels)
  );
}

type RelatedCriteria = Exclude<NonNullable<EventFilter["related"]>, readonly unknown[]>;

function matchesRelated(labels: Labels, criteria: RelatedCriteria): boolean {
  const [id, role] = [labels["prefect.resource.id"], labels["prefect.resource.role"]];
  return (
    isListed(criteria.id, (each) => each === id) &&
    isListed(criteria.role, (each) => each === role) &&
    isListed(criteria.resources_in_roles, ([wantedId, wantedRole]) => wantedId === id && wantedRole === role) &&
    matchesLabels(labels, criteria.labels)
  );
}

function matchesLabels(labels: Labels, wanted: ResourceSpecification | null | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([label, values]) =>
    [values].flat().some((pattern) => matchesValue(pattern, labels[label])),
  );
}

/** `*` stands for any text, `?` for one character, a leading `!` for all that does not match; no value never matches. */
function matchesValue(pattern: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (pattern.startsWith("!")) return !matchesValue(pattern.slice(1), value);
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su").test(value);
}

function matchesText(event: FilteredEvent, query: string): boolean {
  const { include, required, exclude } = parseTextSearch(query);
  const text = [event.event, event.resource, event.payload, event.related]
    .map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
    .join(" ")
    .toLowerCase();
  const has = (term: string) => text.includes(term.toLowerCase());
  return (include.length === 0 || include.some(has)) && required.every(has) && !exclude.some(has);
}

/** An empty or absent list asks for nothing. */
function isListed<T>(list: readonly T[] | null | undefined, matches: (each: T) => boolean): boolean {
  return !list || list.length === 0 || list.some(matches);
}

function listOf<T extends object>(value: T | readonly T[] | null | undefined): readonly T[] {
  if (!value) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
