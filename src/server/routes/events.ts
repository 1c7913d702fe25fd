import * as s from "../../kit/schema/schema.ts";
import { Countable, Event, EventCount, EventPage, TimeUnit } from "../../schemas/event.ts";
import { EventFilter } from "../../schemas/filters/event-filter.ts";
import { apiMount } from "../../settings/index.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { InvalidPageToken } from "../errors.ts";
import { countEventsBy } from "../events/count-events.ts";
import { type EventsPage, firstEvents, nextEvents } from "../events/query-events.ts";
import { type Route, route } from "../route.ts";

const tag = "Events";
const MAX_PAGE = 50;

export const eventRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/events",
    operationId: "create_events_events_post",
    tag,
    summary: "Take in events; an event whose id is known changes nothing.",
    body: s.array(Event),
    status: 204,
    handle: (ctx, { body }) => ctx.ingest.add(body),
  }),

  route({
    method: "POST",
    path: "/events/filter",
    operationId: "read_events_events_filter_post",
    tag,
    summary: "List events, newest first unless asked otherwise, with the address of the next page.",
    body: parts("Body_read_events_events_filter_post", {
      filter: s.optional(s.nullable(EventFilter)),
      limit: s.defaulted(s.integer({ ge: 0, le: MAX_PAGE }), MAX_PAGE),
    }),
    response: EventPage,
    async handle(ctx, { body, origin }) {
      const filter = body.filter ?? { order: "DESC" as const };
      return pageView(ctx, await firstEvents(ctx, filter, body.limit), origin);
    },
  }),

  route({
    method: "GET",
    path: "/events/filter/next",
    operationId: "read_account_events_page_events_filter_next_get",
    tag,
    summary: "Read the next page of a list of events.",
    query: s.object("EventPageQuery", { "page-token": s.string() }),
    response: EventPage,
    async handle(ctx, { query, origin }) {
      const token = query["page-token"];
      if (token === "") throw InvalidPageToken();
      return pageView(ctx, await nextEvents(ctx, token), origin);
    },
  }),

  route({
    method: "POST",
    path: "/events/count-by/{countable}",
    params: s.object("EventCountPath", { countable: Countable }),
    operationId: "count_account_events_events_count_by__countable__post",
    tag,
    summary: "Count events by day, stretch of time, kind or resource.",
    body: parts("Body_count_account_events_events_count_by__countable__post", {
      filter: EventFilter,
      time_unit: s.defaulted(TimeUnit, "day"),
      time_interval: s.defaulted(s.number({ ge: 0.01 }), 1),
    }),
    response: s.array(EventCount),
    handle: (ctx, { params, body }) => countEventsBy(ctx, params.countable, body),
  }),
];

function pageView(ctx: ServerContext, { events, total, next }: EventsPage, origin: string) {
  const next_page =
    next && `${origin}${apiMount(ctx.settings)}/events/filter/next?page-token=${encodeURIComponent(next)}`;
  return { events, total, next_page };
}
