import { countEvents, listEvents } from "../../db/repositories/event-queries.ts";
import { parseJson } from "../../kit/json.ts";
import * as s from "../../kit/schema/schema.ts";
import { addSeconds, type Timestamp } from "../../kit/timestamp.ts";
import { EventFilter } from "../../schemas/filters/event-filter.ts";
import type { ServerContext } from "../context.ts";
import { InvalidPageToken } from "../errors.ts";
import { eventView } from "../views/event.ts";

const DEFAULT_DAYS = 180;
const DAY_SECONDS = 86_400;

/** A filter with the times that are counted from when the question was asked. */
export type BoundedEventFilter = EventFilter & {
  readonly occurred: { readonly since: Timestamp; readonly until: Timestamp };
};

/** Fills in the bounds a filter leaves open: the last 180 days, from the start of a day until `now`. */
export function boundEventFilter(filter: EventFilter, now: Timestamp): BoundedEventFilter {
  const startOfDay = `${now.slice(0, 10)}T00:00:00Z`;
  const { since = addSeconds(startOfDay, -DEFAULT_DAYS * DAY_SECONDS), until = now } = filter.occurred ?? {};
  return { ...filter, occurred: { since, until } };
}

/** One page of the answer to a filter. */
export interface EventPageAt {
  readonly filter: BoundedEventFilter;
  readonly limit: number;
  readonly offset: number;
  /** How many events matched when the first page was made. */
  readonly count: number;
}

export interface EventsPage {
  readonly events: readonly ReturnType<typeof eventView>[];
  readonly total: number;
  /** What gives the page after this one; null at the end. */
  readonly next: string | null;
}

/** The first page of the events that match. */
export async function firstEvents(ctx: ServerContext, filter: EventFilter, limit: number): Promise<EventsPage> {
  const bounded = boundEventFilter(filter, ctx.clock.now());
  const count = await countEvents(ctx.db.read, { ...bounded, isDistinct: isDistinct(bounded) });
  return readPage(ctx, { filter: bounded, limit, offset: 0, count });
}

/** The page a token of an earlier one stands for. @throws InvalidPageToken */
export function nextEvents(ctx: ServerContext, token: string): Promise<EventsPage> {
  return readPage(ctx, parseToken(token));
}

async function readPage(ctx: ServerContext, at: EventPageAt): Promise<EventsPage> {
  const { filter, limit, offset, count } = at;
  const query = { ...filter, isDistinct: isDistinct(filter) };
  const rows = limit === 0 ? [] : await listEvents(ctx.db.read, query, { limit, offset });
  const isLast = offset + limit >= count;
  return {
    events: rows.map(eventView),
    total: count,
    next: isLast ? null : tokenFor({ ...at, offset: offset + limit }),
  };
}

function isDistinct(filter: EventFilter): boolean {
  return filter.resource?.distinct ?? false;
}

const Token = s.object("EventPageToken", {
  filter: EventFilter,
  count: s.integer({ ge: 0 }),
  page_size: s.integer({ ge: 0 }),
  offset: s.integer({ ge: 0 }),
});

const encode = (text: string) => Buffer.from(text).toString("base64");
const decode = (text: string) => Buffer.from(text, "base64").toString();

/** Base64 twice over JSON, as the reference writes it. */
function tokenFor({ filter, limit, offset, count }: EventPageAt): string {
  return encode(encode(JSON.stringify({ filter, count, page_size: limit, offset })));
}

function parseToken(token: string): EventPageAt {
  const result = Token.parse(jsonOf(decode(decode(token))));
  if (!result.ok) throw InvalidPageToken();
  const { filter, count, page_size: limit, offset } = result.value;
  const { since, until } = filter.occurred ?? {};
  if (since === undefined || until === undefined) throw InvalidPageToken();
  return { filter: { ...filter, occurred: { since, until } }, count, limit, offset };
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw InvalidPageToken(cause);
  }
}
