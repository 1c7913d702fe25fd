import { toNumber } from "../kit/json.ts";
import * as s from "../kit/schema/schema.ts";

/** Copies the deprecated retry fields of older clients into the ones that count, where those are unset or zero. */
export function fillRetries(input: unknown): unknown {
  if (!s.isRecord(input) || (isZero(input.max_retries) && isZero(input.retry_delay_seconds))) return input;
  return {
    ...input,
    ...(isUnset(input.retries) && !isZero(input.max_retries) ? { retries: input.max_retries } : {}),
    ...(isUnset(input.retry_delay) && !isZero(input.retry_delay_seconds)
      ? { retry_delay: input.retry_delay_seconds }
      : {}),
  };
}

function isZero(value: unknown): boolean {
  return value === undefined || value === false || toNumber(value) === 0;
}

function isUnset(value: unknown): boolean {
  return value === null || value === "" || isZero(value) || (Array.isArray(value) && value.length === 0);
}
