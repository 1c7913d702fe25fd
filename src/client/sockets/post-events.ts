import type { Logger } from "../../kit/logger.ts";
import type { Event } from "../../schemas/event.ts";
import { apiStatus } from "../errors.ts";

export interface PostEventsContext {
  readonly post: (batch: readonly Event[]) => Promise<void>;
  readonly log: Logger;
}

const BATCH = 500;

/**
 * Delivers events over HTTP and returns those that could not be sent now. An event the API refuses for what it says is
 * dropped with an error, so that it cannot hold up the others.
 */
export async function postEvents(ctx: PostEventsContext, events: readonly Event[]): Promise<readonly Event[]> {
  for (let from = 0; from < events.length; from += BATCH) {
    const batch = events.slice(from, from + BATCH);
    if (!(await postBatch(ctx, batch))) return events.slice(from);
  }
  return [];
}

async function postBatch(ctx: PostEventsContext, batch: readonly Event[]): Promise<boolean> {
  try {
    await ctx.post(batch);
    return true;
  } catch (error) {
    if (!isRefusal(error)) {
      ctx.log.warn({ error, events: batch.length }, "Events could not be sent; they wait for the next try");
      return false;
    }
    if (batch.length > 1) return postOneByOne(ctx, batch);
    ctx.log.error({ error, event: batch[0]?.event }, "The API refused an event; it is dropped");
    return true;
  }
}

async function postOneByOne(ctx: PostEventsContext, batch: readonly Event[]): Promise<boolean> {
  for (const event of batch) {
    if (!(await postBatch(ctx, [event]))) return false;
  }
  return true;
}

function isRefusal(error: unknown): boolean {
  const status = apiStatus(error);
  return status === 400 || status === 413 || status === 422;
}
