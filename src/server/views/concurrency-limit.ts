import type { ConcurrencyLimitRow } from "../../db/repositories/concurrency-limits.ts";
import { occupiedSlots } from "../../domain/concurrency/slots.ts";
import type { Timestamp } from "../../kit/timestamp.ts";

/** A limit as its creation answers it (`ConcurrencyLimitV2`). */
export function concurrencyLimitView(row: ConcurrencyLimitRow) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    active: row.active,
    name: row.name,
    limit: row.limit,
    active_slots: row.active_slots,
    denied_slots: row.denied_slots,
    slot_decay_per_second: row.slot_decay_per_second,
    avg_slot_occupancy_seconds: row.avg_slot_occupancy_seconds,
  };
}

/** A limit with the slots in use at `now` (`GlobalConcurrencyLimitResponse`). */
export function globalLimitView(row: ConcurrencyLimitRow, now: Timestamp) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    active: row.active,
    name: row.name,
    limit: row.limit,
    active_slots: occupiedSlots(row, now),
    slot_decay_per_second: row.slot_decay_per_second,
  };
}

/** `MinimalConcurrencyLimitResponse`. */
export function minimalLimitView({
  id,
  name,
  limit,
}: {
  readonly id: string;
  readonly name: string;
  readonly limit: number;
}) {
  return { id, name, limit };
}
