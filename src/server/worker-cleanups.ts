import { randomBytes } from "node:crypto";
import type { Db } from "../db/database.ts";
import {
  countReservations,
  insertWorkerCleanup,
  lockExpiredCleanups,
  lockNextWorkerCleanup,
  lockWorkerCleanup,
  updateWorkerCleanup,
  type WorkerCleanupRow,
} from "../db/repositories/worker-cleanups.ts";
import { addSeconds, compareTimestamps, type Timestamp } from "../kit/timestamp.ts";
import type { CleanupKind } from "../schemas/worker-channel.ts";
import { sameText } from "./auth.ts";
import type { ServerContext } from "./context.ts";

const TOKEN_BYTES = 32;
const GIVEN_UP = "max_delivery_attempts_reached";
/** Reservations taken back before one is made. */
const MAX_EXPIRED = 100;

export interface NewCleanup {
  readonly idempotencyKey: string;
  readonly poolId: string;
  readonly queueId: string | null;
  readonly kind: CleanupKind;
  readonly target: Readonly<Record<string, unknown>>;
}

/** Leaves something for the workers of a pool to clean up; call `tellWorkers` after the commit. False when it was left before. */
export function enqueueCleanup(ctx: ServerContext, tx: Db, cleanup: NewCleanup): Promise<boolean> {
  const now = ctx.db.dialect.timestamp(ctx.clock.now());
  return insertWorkerCleanup(tx, {
    id: ctx.ids.next(),
    created: now,
    updated: now,
    idempotency_key: cleanup.idempotencyKey,
    work_pool_id: cleanup.poolId,
    work_queue_id: cleanup.queueId,
    kind: cleanup.kind,
    target: JSON.stringify(cleanup.target),
    data: "{}",
    delivery_count: 0,
  });
}

/** Tells connected workers of the pool, on whichever server, that there is something to clean up. */
export function tellWorkers(ctx: ServerContext, poolId: string): void {
  ctx.live.pools.publish([`cleanup:${poolId}`]);
}

/** Whoever takes messages: at most `concurrency` at a time. */
export interface CleanupTaker {
  readonly poolId: string;
  readonly consumerId: string;
  readonly kinds: readonly CleanupKind[];
  readonly concurrency: number;
  /** Of any queue, or of none, when absent. */
  readonly queueIds?: readonly string[] | undefined;
}

export interface Reservation {
  readonly message: WorkerCleanupRow;
  readonly token: string;
  readonly expires: Timestamp;
}

/** Hands out the message that has waited longest. */
export function reserveCleanup(ctx: ServerContext, taker: CleanupTaker): Promise<Reservation | undefined> {
  return ctx.db.write(async (tx) => {
    const now = ctx.clock.now();
    const { poolId, consumerId, concurrency } = taker;
    await expireReservations(ctx, tx, { limit: MAX_EXPIRED, poolId });
    if ((await countReservations(tx, { poolId, consumerId, now })) >= concurrency) return undefined;
    const row = await lockNextWorkerCleanup(tx, taker);
    if (!row) return undefined;
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const expires = leaseEnd(ctx, now);
    const message = { ...row, delivery_count: row.delivery_count + 1 };
    await updateWorkerCleanup(tx, row.id, {
      delivery_count: message.delivery_count,
      reservation_token: token,
      reserved_by: consumerId,
      lease_expires: ctx.db.dialect.timestamp(expires),
      updated: ctx.db.dialect.timestamp(now),
    });
    return { message, token, expires };
  });
}

export interface CleanupOperation {
  readonly operation: "ack" | "release" | "renew";
  readonly poolId: string;
  readonly messageId: string;
  readonly token: string;
}

export interface CleanupOperationResult {
  readonly status: "accepted" | "not_found" | "unauthorized" | "not_current" | "invalid_token" | Lost;
  readonly reason: string | null;
  /** Of a renewed reservation. */
  readonly lease_expires_at: Timestamp | null;
}

/** What became of a message whose reservation ended without its being done. */
type Lost = "expired" | "dead_lettered";

/** Ends or renews a reservation, for whoever proves to hold it. */
export function operateCleanup(ctx: ServerContext, operation: CleanupOperation): Promise<CleanupOperationResult> {
  return ctx.db.write(async (tx) => {
    const now = ctx.clock.now();
    const row = await lockWorkerCleanup(tx, operation.messageId);
    const refusal = refusalOf(row, operation);
    if (refusal || !row) return refusal ?? refused("not_found", "message_not_found");
    if (compareTimestamps(row.lease_expires ?? now, now) <= 0) {
      const isGivenUp = await endReservation(ctx, tx, row);
      return isGivenUp ? refused("dead_lettered", GIVEN_UP) : refused("expired", "lease_expired");
    }
    switch (operation.operation) {
      case "ack":
        await updateWorkerCleanup(tx, row.id, { ...NOBODY, ...at(ctx, "finished", "updated") });
        return ACCEPTED;
      case "release":
        return (await endReservation(ctx, tx, row)) ? refused("dead_lettered", GIVEN_UP) : ACCEPTED;
      case "renew": {
        const expires = leaseEnd(ctx, now);
        const lease_expires = ctx.db.dialect.timestamp(expires);
        await updateWorkerCleanup(tx, row.id, { lease_expires, ...at(ctx, "updated") });
        return { ...ACCEPTED, lease_expires_at: expires };
      }
    }
  });
}

const ACCEPTED: CleanupOperationResult = { status: "accepted", reason: null, lease_expires_at: null };
const NOBODY = { reservation_token: null, reserved_by: null, lease_expires: null };

function refused(status: CleanupOperationResult["status"], reason: string): CleanupOperationResult {
  return { status, reason, lease_expires_at: null };
}

function refusalOf(row: WorkerCleanupRow | undefined, { poolId, token }: CleanupOperation) {
  if (!row || row.finished !== null) return refused("not_found", "message_not_found");
  if (row.work_pool_id !== poolId) return refused("unauthorized", "work_pool_mismatch");
  if (row.reservation_token === null) return refused("not_current", "no_active_reservation");
  return sameText(row.reservation_token, token) ? undefined : refused("invalid_token", "reservation_token_mismatch");
}

/** Lets somebody else have a go, or gives the message up after so many. Returns whether it was given up. */
async function endReservation(ctx: ServerContext, tx: Db, row: WorkerCleanupRow): Promise<boolean> {
  const isGivenUp = row.delivery_count >= ctx.settings.server.worker_channel.cleanup_max_delivery_attempts;
  const end = isGivenUp ? { failure: GIVEN_UP, ...at(ctx, "finished", "updated") } : at(ctx, "updated");
  await updateWorkerCleanup(tx, row.id, { ...NOBODY, ...end });
  return isGivenUp;
}

/** Ends reservations that have run out. */
export async function expireReservations(
  ctx: ServerContext,
  tx: Db,
  bounds: { readonly limit: number; readonly poolId?: string },
): Promise<{ readonly redelivered: readonly WorkerCleanupRow[]; readonly givenUp: readonly WorkerCleanupRow[] }> {
  const rows = await lockExpiredCleanups(tx, { now: ctx.clock.now(), ...bounds });
  const redelivered: WorkerCleanupRow[] = [];
  const givenUp: WorkerCleanupRow[] = [];
  for (const row of rows) ((await endReservation(ctx, tx, row)) ? givenUp : redelivered).push(row);
  return { redelivered, givenUp };
}

function leaseEnd(ctx: ServerContext, now: Timestamp): Timestamp {
  return addSeconds(now, ctx.settings.server.worker_channel.cleanup_lease_seconds);
}

function at<Name extends "finished" | "updated">(ctx: ServerContext, ...names: readonly Name[]): Record<Name, string> {
  const now = ctx.db.dialect.timestamp(ctx.clock.now());
  return Object.fromEntries(names.map((name) => [name, now])) as Record<Name, string>;
}
