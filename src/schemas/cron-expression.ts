/** One field: the values it takes, in order; `any` where it takes all. `last` is the last day of the month. */
export interface CronField {
  readonly any: boolean;
  readonly values: readonly number[];
  readonly last: boolean;
}

/** A cron expression of 5 fields, 6 (seconds at the end) or 7 (years after them). */
export interface CronExpression {
  readonly minute: CronField;
  readonly hour: CronField;
  readonly day: CronField;
  readonly month: CronField;
  /** 0 is Sunday. */
  readonly weekday: CronField;
  readonly second: CronField | undefined;
  readonly year: CronField | undefined;
  /** Weekdays counted within the month (`mon#2`, `l5`): which occurrences of each weekday, "l" the last. */
  readonly nthWeekdays: ReadonlyMap<number, readonly (number | "l")[]>;
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
  ["@daily", "0 0 * * *"],
  ["@weekly", "0 0 * * 0"],
  ["@monthly", "0 0 1 * *"],
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
]);

const DAY = 2;
const MONTH = 3;
const WEEKDAY = 4;
/** Lowest and highest value of minute, hour, day, month, weekday, second and year. */
const RANGES: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
  [0, 59],
  [1970, 2099],
];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Reads an expression as croniter does; undefined where that refuses it or makes up times by chance. */
export function parseCron(text: string): CronExpression | undefined {
  const lower = text.toLowerCase();
  const fields = (ALIASES.get(lower) ?? lower).trim().split(/\s+/);
  if (fields.length < 5 || fields.length > 7) return undefined;
  try {
    return readFields(fields);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** What to say of an expression in a request; undefined where it is fine. */
export function checkCron(text: string): string | undefined {
  if (parseCron(text) !== undefined) return undefined;
  if (text.split(/\s+/).some((field) => /^r$/i.test(field))) {
    return `Random and Hashed expressions are unsupported, received: "${text}"`;
  }
  return `Invalid cron string: "${text}"`;
}

class Unreadable extends Error {}

function readFields(fields: readonly string[]): CronExpression {
  const nth = new Map<number, (number | "l")[]>();
  const read = fields.map((_field, index) => readField({ fields, index, nth }));
  const [minute, hour, day, month, weekday] = read as [CronField, CronField, CronField, CronField, CronField];
  const counted = [...nth.keys()];
  const isMixed = nth.size > 0 && !weekday.any && weekday.values.some((value) => !counted.includes(value));
  if (isMixed && weekday.values.length !== 7) throw new Unreadable();
  return { minute, hour, day, month, weekday, second: read[5], year: read[6], nthWeekdays: nth };
}

interface Place {
  readonly fields: readonly string[];
  readonly index: number;
  readonly nth: Map<number, (number | "l")[]>;
}

function readField(place: Place): CronField {
  const { fields, index, nth } = place;
  const text = questionMark(fields[index] ?? "", index);
  const values = new Set<number>();
  let [any, last] = [false, false];
  for (const item of text.split(",")) {
    const { element, count } = index === WEEKDAY ? splitCount(item) : { element: item, count: undefined };
    const range = readRange(element, place);
    if (range === undefined && element === "*") any = true;
    else if (range === undefined && element === "l" && index === DAY) last = true;
    else {
      for (const value of range ?? [readNumber(element, place)]) {
        values.add(value);
        if (count !== undefined) nth.set(value, [...(nth.get(value) ?? []), count]);
      }
    }
  }
  const [lowest, highest] = RANGES[index] as readonly [number, number];
  const isFull = values.size === highest - lowest + 1 && !last && !mustStay(fields, index);
  return { any: any || isFull, values: [...values].sort((a, b) => a - b), last };
}

/** Every day of the month is not "any day" while the weekday counts too, and the other way round. */
function mustStay(fields: readonly string[], index: number): boolean {
  if (index === DAY) return !(fields[WEEKDAY] ?? "").includes("*");
  return index === WEEKDAY && !(fields[DAY] ?? "").includes("*");
}

function questionMark(text: string, index: number): string {
  if (!text.includes("?")) return text;
  if (text !== "?" || (index !== DAY && index !== WEEKDAY)) throw new Unreadable();
  return "*";
}

/** `mon#2` is the second Monday, `l5` the last Friday. */
function splitCount(item: string): { element: string; count: number | "l" | undefined } {
  const last = /^l(\d+)$/.exec(item);
  if (last) return { element: last[1] ?? "", count: "l" };
  const numbered = /^([a-z]{3}-[a-z]{3}|\w+)#(\d+)$/.exec(item);
  if (!numbered) return { element: item, count: undefined };
  const count = Number(numbered[2]);
  if (count < 1 || count > 5) throw new Unreadable();
  return { element: numbered[1] ?? "", count };
}

/** `low-high/step`, a star with a step, or `low/step`; undefined for a single value. */
function readRange(element: string, place: Place): readonly number[] | undefined {
  const [lowest, highest] = RANGES[place.index] as readonly [number, number];
  const full = element.replace(/^\*(\/.+)$/, `${lowest}-${highest}$1`);
  const shape = /^([^-]+)-([^-/]+)(?:\/(\d+))?$/;
  const match = shape.exec(full) ?? shape.exec(element.replace(/^(.+)\/(.+)$/, `$1-${highest}/$2`));
  if (!match) return undefined;
  const step = match[3] === undefined ? 1 : Number(match[3]);
  const low = readBound(match[1] ?? "", place);
  const high = place.index === DAY && match[2] === "l" ? 31 : readBound(match[2] ?? "", place);
  if (step === 0 || Math.max(low, high) > highest) throw new Unreadable();
  const values = spread({ low, high, step, lowest, highest });
  if (values.some((value) => value < lowest)) throw new Unreadable();
  return values;
}

/** From low to high; round the end when high is lower; the whole circle when they are the same. */
function spread(range: { low: number; high: number; step: number; lowest: number; highest: number }): number[] {
  const { low, high, step, lowest, highest } = range;
  if (low === high) return steps(lowest, highest, step);
  if (low < high) return steps(low, high, step);
  const head = steps(low, highest, step);
  const left = highest - (head.at(-1) ?? highest);
  const isShort = (head.at(-1) ?? highest) - lowest + step > highest - lowest + 1 && left < step;
  return [...head, ...steps(lowest + (isShort ? step - left : 0), high, step)];
}

function steps(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

function readNumber(text: string, place: Place): number {
  const value = readBound(text, place);
  const [lowest, highest] = RANGES[place.index] as readonly [number, number];
  if (value < lowest || value > highest) throw new Unreadable();
  return value;
}

function readBound(text: string, { fields, index }: Place): number {
  const value = /^\d+$/.test(text) ? Number(text) : named(text, index);
  // Croniter's: zero stands for the first where seconds or years are given, seven for Sunday where they are not.
  if (value === 7 && index === WEEKDAY && fields.length === 5) return 0;
  if (value === 0 && index === DAY && fields.length === 6) return 1;
  return value;
}

function named(text: string, index: number): number {
  const names = index === MONTH ? MONTHS : index === WEEKDAY ? WEEKDAYS : [];
  const at = names.indexOf(text);
  if (at === -1) throw new Unreadable();
  return index === MONTH ? at + 1 : at;
}
