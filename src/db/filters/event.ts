import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { Dialect } from "../dialects/dialect.ts";
import {
  type Condition,
  isAmong,
  isGlob,
  isOneOf,
  jsonLabel,
  never,
  startsWithOne,
  timestampValue,
} from "../dialects/expressions.ts";
import { column, combine } from "./filter.ts";
import { matchText } from "./log.ts";

/** Label → match expressions, of which one must fit: `*` and `?` are wildcards, a leading `!` negates. */
type Labels = Readonly<Record<string, string | readonly string[]>>;
type Maybe<T> = T | null | undefined;
type OneOrMany<T> = T | readonly T[];

interface ResourceFilter {
  readonly id?: readonly string[] | null;
  readonly id_prefix?: readonly string[] | null;
  readonly labels?: Labels | null;
}

interface RelatedFilter {
  readonly id?: readonly string[] | null;
  readonly role?: readonly string[] | null;
  readonly resources_in_roles?: readonly (readonly [id: string, role: string])[] | null;
  readonly labels?: Labels | null;
}

interface NameFilter {
  readonly prefix?: readonly string[] | null;
  readonly exclude_prefix?: readonly string[] | null;
  readonly name?: readonly string[] | null;
  readonly exclude_name?: readonly string[] | null;
}

interface Occurred {
  readonly since?: Timestamp;
  readonly until?: Timestamp;
}

/** EventFilter but for `order` and `resource.distinct`, which shape the query and not its condition. */
export interface EventCriteria {
  readonly occurred?: Occurred;
  readonly event?: NameFilter | null;
  readonly resource?: ResourceFilter | null;
  readonly related?: OneOrMany<RelatedFilter> | null;
  readonly any_resource?: OneOrMany<ResourceFilter> | null;
  readonly id?: { readonly id?: readonly string[] | null };
  readonly text?: { readonly query: string } | null;
}

/**
 * EventFilter as a condition on `events`; every empty list says nothing. The caller fills in `occurred`: the wire
 * defaults to the last 180 days, and what is left out here is not bounded.
 */
export function matchEvent(dialect: Dialect, filter: EventCriteria): Condition {
  const occurred = filter.occurred ?? {};
  const ids = filter.id?.id;
  const whoseResource = (conditions: readonly Condition[]) => hasResource(dialect, occurred, conditions);
  const text = sql`(events.event || ' ' || cast(events.resource as text) || ' ' || cast(events.related as text) || ' ' || cast(events.payload as text))`;
  return combine("and_", [
    ...between(dialect, column("events.occurred"), occurred),
    ...(filter.event ? nameConditions(dialect, filter.event) : []),
    ...(filter.resource ? primaryConditions(dialect, filter.resource, whoseResource) : []),
    ...many(filter.related).map((related) => whoseResource(relatedConditions(dialect, related))),
    ...many(filter.any_resource).map((any) => whoseResource(resourceConditions(dialect, any))),
    ids && ids.length > 0 ? isOneOf(dialect, column("events.id"), { of: ids, type: "uuid" }) : undefined,
    filter.text ? matchText(dialect, text, filter.text.query) : undefined,
  ]);
}

function many<T>(value: OneOrMany<T> | null | undefined): readonly T[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

type Conditions = readonly (Condition | undefined)[];

/** `conditions` of one row of `event_resources`, all on the same row; undefined when there are none. */
function hasResource(dialect: Dialect, occurred: Occurred, conditions: readonly Condition[]): Condition | undefined {
  if (conditions.length === 0) return undefined;
  const where = combine("and_", [...between(dialect, column("event_resources.occurred"), occurred), ...conditions]);
  return sql<SqlBool>`events.id in (select event_resources.event_id from event_resources where ${where})`;
}

function between(dialect: Dialect, time: ReturnType<typeof column>, { since, until }: Occurred): Conditions {
  return [
    since ? sql<SqlBool>`${time} >= ${timestampValue(dialect, since)}` : undefined,
    until ? sql<SqlBool>`${time} <= ${timestampValue(dialect, until)}` : undefined,
  ];
}

function oneOf(
  dialect: Dialect,
  of: ReturnType<typeof column>,
  values: Maybe<readonly string[]>,
): Condition | undefined {
  return values && values.length > 0 ? isOneOf(dialect, of, { of: values, type: "text" }) : undefined;
}

function prefixed(
  dialect: Dialect,
  of: ReturnType<typeof column>,
  prefixes: Maybe<readonly string[]>,
): Condition | undefined {
  if (!prefixes || prefixes.length === 0) return undefined;
  return startsWithOne(dialect, of, prefixes);
}

const KIND = sql.ref("kinds.kind");

/** The kinds of event there are, found in as many steps through their index as there are kinds. */
export function kindsThat(where: Condition): RawBuilder<{ readonly kind: string }> {
  return sql`with recursive kinds (kind) as (
      select min(event) from events
      union all select (select min(event) from events where event > kinds.kind) from kinds where kinds.kind is not null
    ) select kinds.kind from kinds where kinds.kind is not null and ${where}`;
}

function nameConditions(dialect: Dialect, { prefix, exclude_prefix, name, exclude_name }: NameFilter): Conditions {
  const event = column("events.event");
  const [excludedPrefix, excludedName] = [
    prefixed(dialect, event, exclude_prefix),
    oneOf(dialect, event, exclude_name),
  ];
  return [
    prefix && prefix.length > 0 ? isAmong(dialect, event, kindsThat(startsWithOne(dialect, KIND, prefix))) : undefined,
    excludedPrefix && sql<SqlBool>`not (${excludedPrefix})`,
    oneOf(dialect, event, name),
    excludedName && sql<SqlBool>`not (${excludedName})`,
  ];
}

/** Ids of the primary resource are in the event's own row, its labels are not. */
function primaryConditions(
  dialect: Dialect,
  { id, id_prefix, labels }: ResourceFilter,
  whoseResource: (conditions: readonly Condition[]) => Condition | undefined,
): Conditions {
  const primary = sql<SqlBool>`event_resources.resource_role = ''`;
  return [
    oneOf(dialect, column("events.resource_id"), id),
    prefixed(dialect, column("events.resource_id"), id_prefix),
    labels ? whoseResource([primary, ...labelConditions(dialect, labels)]) : undefined,
  ];
}

function resourceConditions(dialect: Dialect, { id, id_prefix, labels }: ResourceFilter): readonly Condition[] {
  const resource = column("event_resources.resource_id");
  return defined([
    oneOf(dialect, resource, id),
    prefixed(dialect, resource, id_prefix),
    ...(labels ? labelConditions(dialect, labels) : []),
  ]);
}

/** Unless roles are given, the primary resource, whose role is empty, is not a related one. */
function relatedConditions(dialect: Dialect, filter: RelatedFilter): readonly Condition[] {
  const [resource, role] = [column("event_resources.resource_id"), column("event_resources.resource_role")];
  const pairs = (filter.resources_in_roles ?? []).map(([id, inRole]) =>
    combine("and_", [oneOf(dialect, resource, [id]), oneOf(dialect, role, [inRole])]),
  );
  const conditions = defined([
    oneOf(dialect, resource, filter.id),
    oneOf(dialect, role, filter.role),
    pairs.length > 0 ? combine("or_", pairs) : undefined,
    ...(filter.labels ? labelConditions(dialect, filter.labels) : []),
  ]);
  const isGivenRole = filter.role && filter.role.length > 0;
  return conditions.length === 0 || isGivenRole ? conditions : [...conditions, sql<SqlBool>`${role} <> ''`];
}

/** A label without any value matches nothing. Id and role are columns, the other labels are in the JSON. */
function labelConditions(dialect: Dialect, labels: Labels): readonly Condition[] {
  return Object.entries(labels).map(([label, given]) => {
    const values = many(given);
    if (values.length === 0) return never;
    if (label === "prefect.resource.role")
      return isOneOf(dialect, column("event_resources.resource_role"), { of: values, type: "text" });
    const value =
      label === "prefect.resource.id"
        ? column("event_resources.resource_id")
        : jsonLabel(dialect, column("event_resources.resource"), label);
    return combine(
      "or_",
      values.map((expression) =>
        expression.startsWith("!")
          ? sql<SqlBool>`not (${isGlob(value, expression.slice(1))})`
          : isGlob(value, expression),
      ),
    );
  });
}

function defined(conditions: Conditions): readonly Condition[] {
  return conditions.filter((condition) => condition !== undefined);
}
