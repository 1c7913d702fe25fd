import { isPlainObject } from "./parameters/bind.ts";

export interface SubmitOptions {
  /** Futures and states that must complete before the run starts, besides those among the arguments. */
  readonly waitFor?: readonly unknown[];
}

/** Tells the options, which come last, from the arguments of the task. */
export function splitSubmitOptions(given: readonly unknown[]): {
  readonly args: readonly unknown[];
  readonly options: SubmitOptions;
} {
  const last = given.at(-1);
  if (!isOptions(last)) return { args: given, options: {} };
  return { args: given.slice(0, -1), options: last };
}

function isOptions(value: unknown): value is SubmitOptions {
  return isPlainObject(value) && Array.isArray(value.waitFor) && Object.keys(value).length === 1;
}
