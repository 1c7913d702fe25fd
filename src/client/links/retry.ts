import { setTimeout as delay } from "node:timers/promises";
import { type HttpRequest, type HttpResponse, headerOf, type Link, type Send } from "../link.ts";

export interface RetryOptions {
  /** Tries after the first one. */
  readonly maxRetries: number;
  /** Statuses to retry besides 408, 429, 502 and 503. */
  readonly extraCodes: readonly number[];
  /** Share of a wait that is random, 0 to 1. */
  readonly jitterFactor: number;
  /** Waits `ms`; a test passes its own. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

const RETRYABLE_STATUSES = [408, 429, 502, 503];
// Maintenance answers do not count as tries, but a server that is never back must not hold a client for ever.
const MAX_MAINTENANCE_WAITS = 1000;

/**
 * Repeats requests that met a busy server or a broken connection. A connection that cannot be made is an error at once
 * until the first answer has come: a wrong URL should fail fast.
 */
export function retryLink(options: RetryOptions): Link {
  let hasAnswered = false;
  const statuses = new Set([...RETRYABLE_STATUSES, ...options.extraCodes]);
  const wait = options.wait ?? defaultWait;

  return (next) => async (request) => {
    let maintenanceWaits = 0;
    for (let attempt = 0; ; attempt++) {
      const outcome = await attemptOnce(next, request);
      if (outcome.response) {
        hasAnswered = true;
        if (!statuses.has(outcome.response.status)) return outcome.response;
        if (isMaintenance(outcome.response) && maintenanceWaits++ < MAX_MAINTENANCE_WAITS) attempt--;
        else if (attempt >= options.maxRetries) return outcome.response;
      } else if (!canRetryError(outcome.error, { request, hasAnswered }) || attempt >= options.maxRetries) {
        throw outcome.error;
      }
      await wait(waitMs(outcome.response, Math.max(attempt, 0), options), request.signal);
    }
  };
}

type Outcome = { readonly response: HttpResponse } | { readonly response?: undefined; readonly error: unknown };

async function attemptOnce(next: Send, request: HttpRequest): Promise<Outcome> {
  try {
    return { response: await next(request) };
  } catch (error) {
    return { error };
  }
}

function canRetryError(error: unknown, known: { request: HttpRequest; hasAnswered: boolean }): boolean {
  if (known.request.signal?.aborted) return false;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const neverConnected = code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN";
  return known.hasAnswered || !neverConnected;
}

function isMaintenance(response: HttpResponse): boolean {
  return headerOf(response, "prefect-maintenance")?.toLowerCase() === "true";
}

/** `Retry-After` is a floor; otherwise the wait doubles with each attempt, from 1 s. */
function waitMs(response: HttpResponse | undefined, attempt: number, options: RetryOptions): number {
  const random = (options.random ?? Math.random)();
  const asked = response && Number(headerOf(response, "retry-after"));
  if (asked && asked > 0) return asked * 1000 * (1 + options.jitterFactor * random);
  return 2 ** attempt * 1000 * (1 + options.jitterFactor * (2 * random - 1));
}

async function defaultWait(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {});
}
