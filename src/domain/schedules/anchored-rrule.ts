import { type Timestamp, timestampToMs } from "../../kit/timestamp.ts";
import { parseRRule } from "../../schemas/rrule-text.ts";
import { wallAt } from "./zone.ts";

const DEFAULT_START_MS = Date.UTC(2020, 0, 1);
const PERIODS_MS: Readonly<Record<string, number>> = { SECONDLY: 1000, MINUTELY: 60_000 };

/**
 * The text with a DTSTART, where it has none: 2020-01-01T00:00:00. A single rule by minutes or seconds without COUNT gets
 * the latest time before now that keeps its beat, for nothing from before matters to it and there is much of that.
 */
export function anchoredRRule(rrule: string, at: { readonly now: Timestamp; readonly timezone: string }): string {
  if (rrule.toUpperCase().includes("DTSTART")) return rrule;
  const { rules, excludedRules, dates, excludedDates } = parseRRule(rrule);
  const [rule] = rules;
  const isSingle = rules.length === 1 && [excludedRules, dates, excludedDates].every((list) => list.length === 0);
  const unit = PERIODS_MS[rule?.FREQ ?? ""];
  if (!isSingle || unit === undefined || rule?.COUNT !== undefined) return prepend(rrule, DEFAULT_START_MS);
  const period = unit * Number(rule?.INTERVAL ?? 1);
  const wallMs = wallAt(Math.round(timestampToMs(at.now) * 1000), at.timezone) / 1000;
  const periods = Math.max(0, Math.floor((wallMs - DEFAULT_START_MS) / period));
  return prepend(rrule, DEFAULT_START_MS + periods * period);
}

function prepend(rrule: string, ms: number): string {
  const digits = new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `DTSTART:${digits}\n${rrule}`;
}
