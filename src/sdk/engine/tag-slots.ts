import { setTimeout as delay } from "node:timers/promises";
import { ApiNotFound, apiStatus, retryAfterSeconds } from "../../client/errors.ts";
import type { Logger } from "../../kit/logger.ts";
import type { ConcurrencyLimitWithLeaseResponse as LeaseGrant } from "../../schemas/concurrency-limit.ts";
import type { Session } from "../session/session.ts";
import { stderrLogger } from "../session/stderr-logger.ts";

const LEASE_SECONDS = 60;
const RENEW_AFTER = 0.75;
const NO_LIMITS_FOR_MS = 5_000;
const LOCKED = 423;

export interface TagHolder {
  readonly taskRunId: string;
  readonly tags: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** Occupies a slot of every limit on the run's tags, waiting until all are free; the slots are freed when disposed. */
export async function occupyTagSlots(session: Session, holder: TagHolder): Promise<AsyncDisposable | undefined> {
  const names = holder.tags.toSorted().map((tag) => `tag:${tag}`);
  const key = names.join("\n");
  const freeUntilMs = session.unlimitedTags.get(key) ?? 0;
  if (names.length === 0 || performance.now() < freeUntilMs) return undefined;
  const grant = await acquire(session, names, holder);
  if (grant && grant.limits.length > 0) return keep(session, grant, stderrLogger);
  session.unlimitedTags.set(key, performance.now() + NO_LIMITS_FOR_MS);
  return undefined;
}

async function acquire(session: Session, names: readonly string[], holder: TagHolder): Promise<LeaseGrant | undefined> {
  for (;;) {
    try {
      return await session.client.concurrencyLimits.acquire({
        names,
        slots: 1,
        mode: "concurrency",
        lease_duration: LEASE_SECONDS,
        holder: { type: "task_run", id: holder.taskRunId },
      });
    } catch (error) {
      // A server that does not know leases has no limits to lease from.
      if (ApiNotFound.is(error)) return undefined;
      if (apiStatus(error) !== LOCKED) throw error;
      const waitMs = (retryAfterSeconds(error) ?? 1) * 1000;
      await delay(waitMs, undefined, holder.signal ? { signal: holder.signal } : {});
    }
  }
}

function keep(session: Session, grant: LeaseGrant, log: Logger): AsyncDisposable {
  const limits = session.client.concurrencyLimits;
  const renew = () =>
    limits
      .renew(grant.lease_id, LEASE_SECONDS)
      .catch((error: unknown) => log.warn({ err: error }, "A lease was not renewed"));
  const timer = setInterval(renew, LEASE_SECONDS * RENEW_AFTER * 1000);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await limits.release(grant.lease_id);
    },
  };
}
