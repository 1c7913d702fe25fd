import { RunTimedOut } from "../errors.ts";

export interface BodyLimits {
  readonly kind: "Flow" | "Task";
  readonly timeoutSeconds: number | undefined;
  /** Ends the body from outside; its reason becomes the error. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs user code until it ends, its time is over or it is aborted. The code is given a signal to stop by; the run goes on
 * without it either way, because a promise cannot be stopped.
 */
export async function runBody<Result>(
  limits: BodyLimits,
  body: (signal: AbortSignal) => Result | PromiseLike<Result>,
): Promise<Result> {
  const { timeoutSeconds, signal: outer, kind } = limits;
  const timeout = new AbortController();
  const signal = outer ? AbortSignal.any([outer, timeout.signal]) : timeout.signal;
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const timer =
    timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => timeout.abort(RunTimedOut(kind, timeoutSeconds)), timeoutSeconds * 1000);
  try {
    return await Promise.race([new Promise<Result>((resolve) => resolve(body(signal))), aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
