import * as s from "../kit/schema/schema.ts";
import { isParts } from "./body-parts.ts";
import type { ServerContext } from "./context.ts";
import { InvalidLimit } from "./errors.ts";

/** How many rows at most: what is out of range is refused before anything else about the request. */
export const limitPart = s.optional(s.integer());

/** The paging parts of a body that lists: see `slice`. */
export const sliceParts = {
  limit: limitPart,
  offset: s.defaulted(s.integer({ ge: 0 }), 0),
} as const;

/** The paging parts of a body that paginates: see `numberedPage`. */
export const pageParts = {
  page: s.defaulted(s.integer({ ge: 1 }), 1),
  limit: limitPart,
} as const;

/** A stretch of a list. Zero rows is legal. */
export interface Slice {
  readonly limit: number;
  readonly offset: number;
}

/**
 * The stretch a request asks for; the limit is by default, and at most, `server.api.default_limit`.
 * @throws InvalidLimit
 */
export function slice(
  ctx: Pick<ServerContext, "settings">,
  asked: { readonly limit?: number | undefined; readonly offset: number },
): Slice {
  return { limit: checkedLimit(ctx, asked.limit), offset: asked.offset };
}

export interface NumberedPage extends Slice {
  /** Counted from 1. */
  readonly page: number;
}

/** The same for pages that are counted. @throws InvalidLimit */
export function numberedPage(
  ctx: Pick<ServerContext, "settings">,
  asked: { readonly limit?: number | undefined; readonly page: number },
): NumberedPage {
  const limit = checkedLimit(ctx, asked.limit);
  return { limit, page: asked.page, offset: Math.min((asked.page - 1) * limit, Number.MAX_SAFE_INTEGER) };
}

/** The answer of a `paginate` operation; no pages when the limit is 0. */
export function pageAnswer<T>(at: NumberedPage, results: readonly T[], count: number) {
  const { limit, page } = at;
  return { results, count, limit, pages: limit > 0 ? Math.ceil(count / limit) : 0, page };
}

/** Refuses a body whose limit is a number out of range, whatever else is wrong with it. @throws InvalidLimit */
export function refuseLimit(ctx: Pick<ServerContext, "settings">, body: s.Schema<unknown>, sent: unknown): void {
  if (!isParts(body) || body.fields.limit !== limitPart || !s.isRecord(sent)) return;
  const limit = limitPart.schema.parse(sent.limit);
  if (limit.ok) checkedLimit(ctx, limit.value);
}

function checkedLimit(ctx: Pick<ServerContext, "settings">, asked: number | undefined): number {
  const most = ctx.settings.server.api.default_limit;
  const limit = asked ?? most;
  if (limit < 0) throw InvalidLimit("greater than or equal to 0");
  if (limit > most) throw InvalidLimit(`less than or equal to ${most}`);
  return limit;
}
