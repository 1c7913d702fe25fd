const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
};
const DAY_MS = 86_400_000;

/** When `5 minutes`, `1 hour and 30 minutes` or `an hour` from now is, in milliseconds; undefined for anything else. */
export function parseStartIn(text: string, nowMs: number): number | undefined {
  const words = text
    .toLowerCase()
    .replace(/^in\s+/, "")
    .replace(/,|\band\b/g, " ")
    .trim();
  const pattern = /(\d+(?:\.\d+)?|an?)\s*([a-z]+)\s*/gy;
  let seconds = 0;
  let read = 0;
  for (const [whole, amount = "", unit = ""] of words.matchAll(pattern)) {
    const unitSeconds = UNIT_SECONDS[unit] ?? UNIT_SECONDS[unit.replace(/s$/, "")];
    if (unitSeconds === undefined) return undefined;
    seconds += (amount.startsWith("a") ? 1 : Number(amount)) * unitSeconds;
    read += whole.length;
  }
  return read > 0 && read === words.length ? nowMs + seconds * 1000 : undefined;
}

/**
 * The next `5:30pm`, `17:30`, `tomorrow at 9am` or `2026-08-01 17:30` in UTC, in milliseconds; a time with an offset is
 * taken as it is. Undefined for anything else.
 */
export function parseStartAt(text: string, nowMs: number): number | undefined {
  const words = text.trim().replace(/^at\s+/i, "");
  const moment = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(words);
  if (moment !== null) {
    const parsed = Date.parse(
      moment[1] === undefined ? `${words.replace(" ", "T")}${words.length > 10 ? "Z" : ""}` : words,
    );
    return Number.isNaN(parsed) ? undefined : parsed;
  }
  const time = /^(?:(today|tomorrow)\s*(?:at\s+)?)?(?:(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s*(am|pm)?)?$/i.exec(words);
  if (time === null || words === "") return undefined;
  return nextTime(time, nowMs);
}

function nextTime([, day, hour, minute, second, half]: RegExpExecArray, nowMs: number): number | undefined {
  if (hour === undefined) return day?.toLowerCase() === "tomorrow" ? nowMs + DAY_MS : nowMs;
  if (minute === undefined && half === undefined) return undefined;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  if (hours > 23 || Number(minute ?? 0) > 59) return undefined;
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const inDayMs = ((hours * 60 + Number(minute ?? 0)) * 60 + Number(second ?? 0)) * 1000;
  if (day !== undefined) return midnight + inDayMs + (day.toLowerCase() === "tomorrow" ? DAY_MS : 0);
  return midnight + inDayMs > nowMs ? midnight + inDayMs : midnight + inDayMs + DAY_MS;
}
