import { toNumber } from "../kit/json.ts";
import * as s from "../kit/schema/schema.ts";

/**
 * Copies the deprecated retry fields of older clients into the ones that count, where those are unset or zero. In place:
 * refusals show the body with them, as those of the reference do.
 */
export function fillRetries(input: unknown): unknown {
  if (!s.isRecord(input)) return input;
  if (isUnset(input.retries) && !isZero(input.max_retries)) Object.assign(input, { retries: input.max_retries });
  if (isUnset(input.retry_delay) && !isZero(input.retry_delay_seconds)) {
    Object.assign(input, { retry_delay: input.retry_delay_seconds });
  }
  return input;
}

function isZero(value: unknown): boolean {
  return value === undefined || value === false || toNumber(value) === 0;
}

function isUnset(value: unknown): boolean {
  return value === null || value === "" || isZero(value) || (Array.isArray(value) && value.length === 0);
}
