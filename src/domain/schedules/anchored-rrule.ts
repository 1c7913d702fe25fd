import type { Timestamp } from "../../kit/timestamp.ts";

/** Placeholder replaced below. */
export function anchoredRRule(rrule: string, _at: { readonly now: Timestamp; readonly timezone: string }): string {
  return rrule;
}
