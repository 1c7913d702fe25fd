const MAX_SECONDS = 999_999_999 * 86_400;
const ISO = /^([+-]?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T)?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d+))?S)?$/;
const CLOCK = /^([+-]?)(?:(\d+)\s*(?:d|day|days),?\s*)?(?:(\d{1,9}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?$/i;

const CLOCK_BYTES = 5;

/** Seconds, to the microsecond, or the reason why not, in pydantic's words. */
export type DurationReading = { readonly seconds: number } | { readonly error: string };

/** Reads ISO 8601 (`P1DT2H`; a year counts 365 days, a month 30) and `[N day[s],] HH:MM[:SS[.f]]`. */
export function durationFromText(text: string): DurationReading {
  if (text === "") return { error: "input is too short" };
  const iso = ISO.exec(text);
  if (iso !== null && text.length > 2 + (iso[1]?.length ?? 0) - 1) return signed(iso[1], isoSeconds(iso));
  const clock = CLOCK.exec(text);
  if (clock !== null && (clock[2] !== undefined || clock[3] !== undefined)) return clockSeconds(clock);
  // Without a "d" it is read as a clock's time, which is at least "12:34" long.
  if (Buffer.byteLength(text) >= CLOCK_BYTES && !/d/i.test(text)) return { error: clockError(text) };
  const startsLikeNumber = /^[+-]?\d/.test(text);
  return {
    error: startsLikeNumber ? '"day" identifier in duration not correctly formatted' : "invalid digit in duration",
  };
}

function clockError(text: string): string {
  return /^[+-]?\d+:/.test(text) ? "unexpected extra characters at the end of the input" : "invalid character in hour";
}

/** `value` counts seconds. */
export function durationFromNumber(value: number): DurationReading {
  if (!(Math.abs(value) <= MAX_SECONDS)) return { error: "durations may not exceed 999,999,999 days" };
  return { seconds: Math.round(value * 1e6) / 1e6 };
}

function isoSeconds(parts: RegExpExecArray): number {
  const at = (index: number) => Number(parts[index] ?? 0);
  const days = at(2) * 365 + at(3) * 30 + at(4) * 7 + at(5);
  return days * 86_400 + at(7) * 3600 + at(8) * 60 + at(9) + Number(`0.${parts[10] ?? "0"}`);
}

function clockSeconds(parts: RegExpExecArray): DurationReading {
  const at = (index: number) => Number(parts[index] ?? 0);
  if (at(4) > 59) return { error: "minute value is outside expected range of 0-59" };
  if (at(5) > 59) return { error: "second value is outside expected range of 0-59" };
  const seconds = at(2) * 86_400 + at(3) * 3600 + at(4) * 60 + at(5) + Number(`0.${parts[6] ?? "0"}`);
  return signed(parts[1], seconds);
}

function signed(sign: string | undefined, seconds: number): DurationReading {
  return durationFromNumber(sign === "-" ? -seconds : seconds);
}
