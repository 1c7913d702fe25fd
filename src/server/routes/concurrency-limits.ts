import type { Db } from "../../db/database.ts";
import {
  type ConcurrencyLimitRow,
  findConcurrencyLimit,
  listConcurrencyLimits,
} from "../../db/repositories/concurrency-limits.ts";
import { listLeasesOfLimits } from "../../db/repositories/leases.ts";
import {
  findLegacyLimit,
  type LegacyConcurrencyLimit,
  listLegacyLimits,
} from "../../db/repositories/legacy-concurrency-limits.ts";
import * as s from "../../kit/schema/schema.ts";
import { compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import {
  ConcurrencyLimit,
  ConcurrencyLimitCreate,
  MinimalConcurrencyLimitResponse,
} from "../../schemas/concurrency-limit.ts";
import { parts } from "../body-parts.ts";
import {
  putTagLimit,
  releaseTagSlots,
  removeTagLimit,
  resetTagLimit,
  TAG_PREFIX,
  tagOf,
  takeTagSlots,
} from "../concurrency/tag-limits.ts";
import type { ServerContext } from "../context.ts";
import { TagLimitNotFound } from "../errors.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { slice, sliceParts } from "../paging.ts";
import { Reply, type Route, route } from "../route.ts";

const tag = "Concurrency Limits";

const heldSlots = { names: s.array(s.string()), task_run_id: s.uuid() } as const;

/** Limits on tags in the first generation's terms; they are limits named `tag:<tag>`. */
export const concurrencyLimitRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/concurrency_limits/",
    operationId: "create_concurrency_limit_concurrency_limits__post",
    tag,
    summary: "Create a limit on a tag, or change the one there is.",
    body: ConcurrencyLimitCreate,
    response: ConcurrencyLimit,
    async handle(ctx, { body }) {
      const wanted = { tag: body.tag, limit: body.concurrency_limit };
      const { row, isNew } = await writeWithEvents(ctx, (tx) => putTagLimit(ctx, tx, wanted));
      return new Reply(isNew ? 201 : 200, await tagLimitView(ctx, ctx.db.read, row));
    },
  }),

  route({
    method: "GET",
    path: "/concurrency_limits/{id:uuid}",
    operationId: "read_concurrency_limit_concurrency_limits__id__get",
    tag,
    summary: "Read one limit on a tag.",
    response: ConcurrencyLimit,
    async handle(ctx, { params }) {
      const row = await findConcurrencyLimit(ctx.db.read, { id: params.id });
      if (row?.name.startsWith(TAG_PREFIX)) return tagLimitView(ctx, ctx.db.read, row);
      return legacyView(await findLegacyLimit(ctx.db.read, { id: params.id }));
    },
  }),

  route({
    method: "GET",
    path: "/concurrency_limits/tag/{tag}",
    operationId: "read_concurrency_limit_by_tag_concurrency_limits_tag__tag__get",
    tag,
    summary: "Read the limit on a tag.",
    response: ConcurrencyLimit,
    async handle(ctx, { params }) {
      const name = params.tag ?? "";
      const row = await findConcurrencyLimit(ctx.db.read, { name: TAG_PREFIX + name });
      if (row) return tagLimitView(ctx, ctx.db.read, row);
      return legacyView(await findLegacyLimit(ctx.db.read, { tag: name }));
    },
  }),

  route({
    method: "POST",
    path: "/concurrency_limits/filter",
    operationId: "read_concurrency_limits_concurrency_limits_filter_post",
    tag,
    summary: "List limits on tags with the task runs that hold their slots.",
    body: parts("Body_read_concurrency_limits_concurrency_limits_filter_post", sliceParts),
    response: s.array(ConcurrencyLimit),
    async handle(ctx, { body }) {
      const { limit, offset } = slice(ctx, body);
      const rows = await listConcurrencyLimits(ctx.db.read, { limit: limit + offset, offset: 0, prefix: TAG_PREFIX });
      const views = await Promise.all(rows.map((row) => tagLimitView(ctx, ctx.db.read, row)));
      const known = new Set(views.map((view) => view.tag));
      const legacy = await listLegacyLimits(ctx.db.read, limit + offset);
      return [...views, ...legacy.filter((each) => !known.has(each.tag)).map(legacyView)].slice(offset, offset + limit);
    },
  }),

  route({
    method: "POST",
    path: "/concurrency_limits/tag/{tag}/reset",
    operationId: "reset_concurrency_limit_by_tag_concurrency_limits_tag__tag__reset_post",
    tag,
    summary: "Free every slot of the limit on a tag, then give one to each of the task runs named.",
    body: parts("Body_reset_concurrency_limit_by_tag_concurrency_limits_tag__tag__reset_post", {
      slot_override: s.optional(s.nullable(s.array(s.uuid()))),
    }),
    async handle(ctx, { params, body }) {
      const reset = { tag: params.tag ?? "", holders: [...new Set(body.slot_override ?? [])] };
      await ctx.db.write((tx) => resetTagLimit(ctx, tx, reset));
      return null;
    },
  }),

  route({
    method: "DELETE",
    path: "/concurrency_limits/{id:uuid}",
    operationId: "delete_concurrency_limit_concurrency_limits__id__delete",
    tag,
    summary: "Delete a limit.",
    async handle(ctx, { params }) {
      await writeWithEvents(ctx, (tx) => removeTagLimit(ctx, tx, { id: params.id }));
      return null;
    },
  }),

  route({
    method: "DELETE",
    path: "/concurrency_limits/tag/{tag}",
    operationId: "delete_concurrency_limit_by_tag_concurrency_limits_tag__tag__delete",
    tag,
    summary: "Delete the limit on a tag.",
    async handle(ctx, { params }) {
      await writeWithEvents(ctx, (tx) => removeTagLimit(ctx, tx, { tag: params.tag ?? "" }));
      return null;
    },
  }),

  route({
    method: "POST",
    path: "/concurrency_limits/increment",
    operationId: "increment_concurrency_limits_v1_concurrency_limits_increment_post",
    tag,
    summary: "Take a slot of every limit on these tags for a task run, or none: 423 when one is full.",
    body: parts("Body_increment_concurrency_limits_v1_concurrency_limits_increment_post", heldSlots),
    response: s.array(MinimalConcurrencyLimitResponse),
    handle: (ctx, { body }) =>
      ctx.db.write((tx) => takeTagSlots(ctx, tx, { tags: body.names, taskRunId: body.task_run_id })),
  }),

  route({
    method: "POST",
    path: "/concurrency_limits/decrement",
    operationId: "decrement_concurrency_limits_v1_concurrency_limits_decrement_post",
    tag,
    summary: "Give back the slots a task run holds of the limits on these tags.",
    body: parts("Body_decrement_concurrency_limits_v1_concurrency_limits_decrement_post", heldSlots),
    response: s.array(MinimalConcurrencyLimitResponse),
    handle: (ctx, { body }) =>
      ctx.db.write((tx) => releaseTagSlots(ctx, tx, { tags: body.names, taskRunId: body.task_run_id })),
  }),
];

interface TagLimitView {
  readonly id: string;
  readonly created: Timestamp;
  readonly updated: Timestamp;
  readonly tag: string;
  readonly concurrency_limit: number;
  readonly active_slots: readonly string[];
}

/** The slots of a limit are in use by the task runs that hold live leases over it. */
async function tagLimitView(ctx: ServerContext, db: Db, row: ConcurrencyLimitRow): Promise<TagLimitView> {
  const now = ctx.clock.now();
  const leases = await listLeasesOfLimits(db, [row.id]);
  const live = leases.filter(
    ({ expires, holder }) => holder?.type === "task_run" && compareTimestamps(expires, now) > 0,
  );
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    tag: tagOf(row),
    concurrency_limit: row.limit,
    active_slots: live.flatMap(({ holder }) => holder?.id ?? []),
  };
}

/** @throws TagLimitNotFound */
function legacyView(limit: LegacyConcurrencyLimit | undefined): TagLimitView {
  if (!limit) throw TagLimitNotFound();
  const { id, created, updated, tag: name, concurrency_limit, active_slots } = limit;
  return { id, created, updated, tag: name, concurrency_limit, active_slots };
}
