import {
  type ConcurrencyLimitRow,
  deleteConcurrencyLimit,
  findConcurrencyLimit,
  insertConcurrencyLimit,
  type LimitKey,
  listConcurrencyLimits,
  updateConcurrencyLimit,
} from "../../db/repositories/concurrency-limits.ts";
import * as s from "../../kit/schema/schema.ts";
import {
  ConcurrencyLimitV2,
  ConcurrencyLimitV2Create,
  ConcurrencyLimitV2Update,
  GlobalConcurrencyLimitResponse,
} from "../../schemas/concurrency-limit.ts";
import { parts } from "../body-parts.ts";
import { limitEvent } from "../concurrency/limit-event.ts";
import { ConcurrencyLimitNotFound, IntegrityConflict } from "../errors.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { slice, sliceParts } from "../paging.ts";
import { type Route, route } from "../route.ts";
import { concurrencyLimitView, globalLimitView } from "../views/concurrency-limit.ts";

const tag = "Concurrency Limits V2";

/** How long slots are taken to be held before any has been. */
const FIRST_OCCUPANCY_SECONDS = 2;

const byIdOrName = s.object("LimitIdOrName", { id_or_name: s.union([s.uuid(), s.string()]) });

export const globalConcurrencyLimitRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v2/concurrency_limits/",
    operationId: "create_concurrency_limit_v2_v2_concurrency_limits__post",
    tag,
    summary: "Create a concurrency limit; 409 when there is one of that name.",
    body: ConcurrencyLimitV2Create,
    response: ConcurrencyLimitV2,
    status: 201,
    async handle(ctx, { body }) {
      const created = ctx.db.dialect.timestamp(ctx.clock.now());
      const times = { id: ctx.ids.next(), created, updated: created };
      const row = await writeWithEvents(ctx, async (tx) => {
        const limit = { ...body, ...times, avg_slot_occupancy_seconds: FIRST_OCCUPANCY_SECONDS };
        const result = await insertConcurrencyLimit(tx, limit);
        return { result, events: [limitEvent(ctx, "created", result)] };
      });
      return concurrencyLimitView(row);
    },
  }),

  route({
    method: "GET",
    path: "/v2/concurrency_limits/{id_or_name}",
    operationId: "read_concurrency_limit_v2_v2_concurrency_limits__id_or_name__get",
    tag,
    summary: "Read one concurrency limit by id or name.",
    params: byIdOrName,
    response: GlobalConcurrencyLimitResponse,
    async handle(ctx, { params }) {
      const row = await findConcurrencyLimit(ctx.db.read, limitKey(params.id_or_name ?? ""));
      if (!row) throw ConcurrencyLimitNotFound();
      return globalLimitView(row, ctx.clock.now());
    },
  }),

  route({
    method: "POST",
    path: "/v2/concurrency_limits/filter",
    operationId: "read_all_concurrency_limits_v2_v2_concurrency_limits_filter_post",
    tag,
    summary: "List concurrency limits by name.",
    body: parts("Body_read_all_concurrency_limits_v2_v2_concurrency_limits_filter_post", sliceParts),
    response: s.array(GlobalConcurrencyLimitResponse),
    async handle(ctx, { body }) {
      const rows = await listConcurrencyLimits(ctx.db.read, slice(ctx, body));
      const now = ctx.clock.now();
      return rows.map((row) => globalLimitView(row, now));
    },
  }),

  route({
    method: "PATCH",
    path: "/v2/concurrency_limits/{id_or_name}",
    operationId: "update_concurrency_limit_v2_v2_concurrency_limits__id_or_name__patch",
    tag,
    summary: "Change a concurrency limit.",
    params: byIdOrName,
    body: ConcurrencyLimitV2Update,
    status: 204,
    handle: (ctx, { params, body }) =>
      writeWithEvents(ctx, async (tx) => {
        const limit = await findConcurrencyLimit(tx, limitKey(params.id_or_name ?? ""));
        if (!limit) throw ConcurrencyLimitNotFound();
        const updated = ctx.db.dialect.timestamp(ctx.clock.now());
        const row = await updateConcurrencyLimit(tx, limit.id, { ...givenColumns(body), updated });
        if (!row) throw ConcurrencyLimitNotFound();
        return { result: undefined, events: [limitEvent(ctx, "updated", row)] };
      }),
  }),

  route({
    method: "DELETE",
    path: "/v2/concurrency_limits/{id_or_name}",
    operationId: "delete_concurrency_limit_v2_v2_concurrency_limits__id_or_name__delete",
    tag,
    summary: "Delete a concurrency limit.",
    params: byIdOrName,
    status: 204,
    handle: (ctx, { params }) =>
      writeWithEvents(ctx, async (tx) => {
        const limit = await findConcurrencyLimit(tx, limitKey(params.id_or_name ?? ""));
        const row = limit && (await deleteConcurrencyLimit(tx, limit.id));
        if (!row) throw ConcurrencyLimitNotFound();
        return { result: undefined, events: [limitEvent(ctx, "deleted", row)] };
      }),
  }),
];

function limitKey(idOrName: string): LimitKey {
  const id = s.uuid().parse(idOrName);
  return id.ok ? { id: id.value } : { name: idOrName };
}

type Columns = Partial<
  Pick<ConcurrencyLimitRow, "active" | "name" | "limit" | "active_slots" | "denied_slots" | "slot_decay_per_second">
>;

/** Null is accepted by the schema and by no column. @throws IntegrityConflict */
function givenColumns(body: s.Infer<typeof ConcurrencyLimitV2Update>): Columns {
  if (Object.values(body).includes(null)) throw IntegrityConflict(undefined);
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
