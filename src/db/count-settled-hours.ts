import { setImmediate as letOthersGo } from "node:timers/promises";
import type { Database } from "./database.ts";
import {
  countedSubjects,
  countHours,
  forgetOlderHours,
  type Hours,
  hasOlderHours,
  listUncountedHours,
  settledHour,
} from "./repositories/hour-counts.ts";

/** A transaction that counts shall take no longer if it can help it; on SQLite nobody else is served meanwhile. */
const TRANSACTION_MS = 40;
const [MIN_HOURS, MAX_HOURS] = [4, 500];

/**
 * Counts hours that are over and have not been counted since they last changed, oldest first, until `signal` is aborted.
 * Gives how many it has counted: 0 when there is nothing left to count.
 */
export async function countSettledHours(database: Database, signal?: AbortSignal): Promise<number> {
  const before = await settledHour(database);
  if (before === undefined) return 0;
  let counted = 0;
  for (const subject of countedSubjects) {
    const { first, uncounted } = await listUncountedHours(database.read, subject, before);
    if (await hasOlderHours(database.read, subject, first))
      await database.write((tx) => forgetOlderHours(tx, subject, first));
    for await (const hours of inPortions(uncounted)) {
      await database.write((tx) => countHours(tx, subject, hours));
      counted += hours.to - hours.from;
      if (signal?.aborted) return counted;
    }
  }
  return counted;
}

/** Portions whose size depends on how long the one before has taken. */
async function* inPortions(stretches: readonly Hours[]): AsyncGenerator<Hours> {
  let size = MIN_HOURS;
  for (const { from, to } of stretches) {
    for (let begin = from; begin < to; ) {
      const portion = { from: begin, to: Math.min(begin + size, to) };
      const started = performance.now();
      yield portion;
      const tookMs = performance.now() - started;
      if (tookMs < TRANSACTION_MS / 4) size = Math.min(size * 2, MAX_HOURS);
      if (tookMs > TRANSACTION_MS) size = Math.max(Math.floor(size / 2), MIN_HOURS);
      begin = portion.to;
      await letOthersGo();
    }
  }
}
