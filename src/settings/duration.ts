export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;

const UNIT_SECONDS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, HOUR, MINUTE, 1] as const;
const NUMBER = "(\\d+(?:\\.\\d+)?)";
const ISO = new RegExp(
  `^([+-])?P(?=\\d|T\\d)(?:${NUMBER}Y)?(?:${NUMBER}M)?(?:${NUMBER}W)?(?:${NUMBER}D)?` +
    `(?:T(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`,
);
const CLOCK = /^([+-])?(?:(\d+) ?d(?:ays?)?,?(?: |$))?(?:(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?)?$/i;

/** Seconds of an ISO-8601 duration, `[D days, ]HH:MM[:SS]` or a plain number of seconds; undefined for other text. */
export function parseDuration(text: string): number | undefined {
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
  const iso = ISO.exec(text);
  if (iso !== null) {
    const seconds = UNIT_SECONDS.reduce((sum, unit, index) => sum + unit * Number(iso[index + 2] ?? 0), 0);
    return iso[1] === "-" ? -seconds : seconds;
  }
  const clock = text === "" ? null : CLOCK.exec(text);
  if (clock === null) return undefined;
  const [days, hours, minutes, seconds] = clock.slice(2).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  const total = days * DAY + hours * HOUR + minutes * MINUTE + seconds;
  return clock[1] === "-" ? -total : total;
}

interface Parts {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  /** With up to six decimals, none of them a trailing zero. */
  readonly seconds: string;
}

function partsOf(seconds: number): Parts {
  const micros = Math.round(seconds * 1e6);
  const whole = Math.floor(micros / 1e6);
  const fraction = String(micros % 1e6)
    .padStart(6, "0")
    .replace(/0+$/, "");
  const rest = whole % MINUTE;
  return {
    days: Math.floor(whole / DAY),
    hours: Math.floor((whole % DAY) / HOUR),
    minutes: Math.floor((whole % HOUR) / MINUTE),
    seconds: fraction === "" ? String(rest) : `${rest}.${fraction}`,
  };
}

/** The ISO-8601 text of the API: `PT1H`, `P90D`, `P1Y35D`, `PT0S`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  const parts = partsOf(seconds);
  const years = Math.floor(parts.days / 365);
  const days = parts.days % 365;
  const date = (years > 0 ? `${years}Y` : "") + (days > 0 ? `${days}D` : "");
  const time =
    (parts.hours > 0 ? `${parts.hours}H` : "") +
    (parts.minutes > 0 ? `${parts.minutes}M` : "") +
    (parts.seconds === "0" ? "" : `${parts.seconds}S`);
  if (date === "" && time === "") return "PT0S";
  return `P${date}${time === "" ? "" : `T${time}`}`;
}

/** The text the reference's command line shows: `1:00:00`, `7 days, 0:00:00`. */
export function describeDuration(seconds: number): string {
  const { days, hours, minutes, seconds: rest } = partsOf(((seconds % DAY) + DAY) % DAY);
  const wholeDays = Math.floor(seconds / DAY) + days;
  const [whole = "0", fraction] = rest.split(".");
  const clock = `${hours}:${String(minutes).padStart(2, "0")}:${whole.padStart(2, "0")}`;
  const exact = fraction === undefined ? clock : `${clock}.${fraction.padEnd(6, "0")}`;
  if (wholeDays === 0) return exact;
  return `${wholeDays} ${Math.abs(wholeDays) === 1 ? "day" : "days"}, ${exact}`;
}
