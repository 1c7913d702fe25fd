import type { Db } from "../../db/database.ts";
import { insertEvents, type NewEvent } from "../../db/repositories/events.ts";
import { queueForTriggers } from "../automations/queue.ts";
import type { ServerContext } from "../context.ts";

/** Something that came to be, changed or went away. */
export interface LifecycleChange {
  /** Second word of the event's name and of the resource's id, such as `flow`. */
  readonly kind: string;
  readonly change: "created" | "updated" | "deleted";
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  /** @default [] */
  readonly related?: readonly Readonly<Record<string, string>>[];
}

/** The `prefect.<kind>.<change>` event of a change that happens now. */
export function lifecycleEvent(ctx: Pick<ServerContext, "clock" | "ids">, change: LifecycleChange): NewEvent {
  return {
    id: ctx.ids.next(),
    occurred: ctx.clock.now(),
    event: `prefect.${change.kind}.${change.change}`,
    resource: {
      "prefect.resource.id": `prefect.${change.kind}.${change.id}`,
      "prefect.resource.name": change.name,
    },
    related: change.related ?? [],
    payload: change.payload,
    received: ctx.clock.now(),
    follows: null,
  };
}

/** What a unit of work leaves: its result, and the events to store with it. */
export interface Eventful<T> {
  readonly result: T;
  readonly events: readonly NewEvent[];
}

/** Runs a unit of work and stores its events in one transaction, then announces them. `unit` obeys `Database.write`. */
export async function writeWithEvents<T>(ctx: ServerContext, unit: (tx: Db) => Promise<Eventful<T>>): Promise<T> {
  const { result, events } = await ctx.db.write(async (tx) => {
    const outcome = await unit(tx);
    await storeEvents(ctx, tx, outcome.events);
    return outcome;
  });
  ctx.bus.publish(events);
  return result;
}

/** Stores events within the caller's transaction, and gives them: to be announced after the commit. */
export async function storeEvents(ctx: ServerContext, tx: Db, events: readonly NewEvent[]) {
  await insertEvents(tx, events, { now: ctx.clock.now(), nextId: () => ctx.ids.next() });
  await queueForTriggers(ctx, tx, events);
  return events;
}
