import { rawNumberText, toNumber } from "../../src/kit/json.ts";
import { isRecord } from "../../src/kit/schema/schema.ts";
import type { Exchange } from "./api.ts";

/** An exchange with everything that differs between two runs of one server replaced by labels: comparable as text. */
export interface Normalised {
  readonly title: string;
  readonly request: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const COMPARED_HEADERS = ["content-type", "retry-after", "location", "allow", "content-disposition"];

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const TIME = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?/g;
const SLUG = /^[a-z]+-[a-z]+$/;
/** Not numbered: two runs may by chance be given the same name. */
const RUN_NAME = "<run name>";

// When a row was written says nothing about the run, and the reference reads its clock several times per request.
const BOOKKEEPING_TIMES = new Set(["created", "updated", "timestamp", "last_polled", "received"]);
// Seconds that grow with the wall clock: only "about nothing" and "more" can be compared.
const MEASURED_SECONDS = new Set([
  "estimated_run_time",
  "total_run_time",
  "estimated_start_time_delta",
  "time_in_current_state",
  "duration",
  "lateness",
]);
const SECONDS_FIELDS = new Set([...MEASURED_SECONDS, "sum_estimated_run_time", "sum_estimated_lateness"]);
// Fields whose schema says float: 0 and 0.0 are the same there, in free JSON they are not.
const FLOAT_FIELDS = new Set([
  "retry_delay_seconds",
  "retry_jitter_factor",
  "slot_decay_per_second",
  "avg_slot_occupancy_seconds",
  "interval",
  "within",
  "schedule_after",
  "ge",
  "gt",
  "le",
  "lt",
]);
const NEAR_NOW_MS = 26 * 3600 * 1000;
const SHORT_SECONDS = 30;
const LONG_SECONDS = 86_400;

/** Makes the exchanges of one script comparable; labels count per script, so equal ids and times stay equal. */
export function normalise(exchanges: readonly Exchange[], origin: string): readonly Normalised[] {
  const labels = createLabels(exchanges, origin);
  return exchanges.map(({ title, requestBody, status, headers, body, options }) => {
    const ignored = new Set(options.ignore ?? []);
    const clean = (value: unknown) => cleanValue(value, { key: "", labels, ignored });
    const request = clean(requestBody);
    const unordered = options.unordered ?? [];
    // Ours are relative, so that no Host header can lead elsewhere.
    const headerText = (name: string, text: string) =>
      name === "location" ? new URL(text, `${origin}/api${title.slice(title.indexOf(" ") + 1)}`).href : text;
    // Before ids are numbered by their first appearance.
    const presorted = sortUnordered(body, unordered, byShape);
    return {
      title: labels.text(title, ""),
      request,
      status,
      headers: Object.fromEntries(
        COMPARED_HEADERS.flatMap((name) =>
          headers[name] === undefined ? [] : [[name, labels.text(headerText(name, headers[name]), "")]],
        ),
      ),
      body: sortUnordered(clean(options.seconds ? roughSeconds(toNumber(body)) : presorted), unordered, byJson),
    };
  });
}

// Clients read these as points in time, whatever the zone they are written in; in free JSON they are just text.
const TIME_FIELD = /(_time|_timeout|_expiration|timestamp|anchor_date)$/;

interface Labels {
  text(value: string, key: string): string;
}

interface Context {
  readonly key: string;
  readonly labels: Labels;
  readonly ignored: ReadonlySet<string>;
}

function createLabels(exchanges: readonly Exchange[], origin: string): Labels {
  const ids = new Map<string, string>();
  const times = new Map<string, string>();
  const slugs = new Set<string>();
  const sent = new Set(exchanges.flatMap(({ requestBody, title }) => stringsOf(requestBody).concat(title)));
  const given = new Set([...sent].flatMap((text) => text.match(UUID) ?? []).map((id) => id.toLowerCase()));
  const answered = new Set(exchanges.flatMap(({ body }) => stringsOf(body)).flatMap((text) => text.match(UUID) ?? []));
  const label = (known: Map<string, string>, value: string, name: string) => {
    const found = known.get(value) ?? `<${name} ${known.size + 1}>`;
    known.set(value, found);
    return found;
  };
  const labelTime = (value: string, key: string): string => {
    const time = parseTime(value);
    if (time === undefined) return value;
    if (Math.abs(time.atMs - Date.now()) > NEAR_NOW_MS) return TIME_FIELD.test(key) ? time.utc : value;
    if (BOOKKEEPING_TIMES.has(key)) return `<time${time.form}>`;
    return `${label(times, time.instant, "time")}${time.form}`;
  };
  return {
    text(value, key) {
      let text = value.replaceAll(origin, "<url>");
      if (key === "name" && SLUG.test(text) && !sent.has(text)) {
        slugs.add(text);
        return RUN_NAME;
      }
      for (const slug of slugs) text = text.replaceAll(slug, RUN_NAME);
      text = text.replace(UUID, (id) =>
        given.has(id.toLowerCase()) && !answered.has(id) ? id : label(ids, id.toLowerCase(), "id"),
      );
      return text.replace(TIME, (time) => labelTime(time, key));
    },
  };
}

/** `instant` is equal for equal points in time; `form` tells what is unusual about the text. */
function parseTime(text: string): { atMs: number; instant: string; utc: string; form: string } | undefined {
  const [, fraction = "", zone = ""] = /:\d{2}:\d{2}(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  const atMs = Date.parse(text.replace(" ", "T") + (zone === "" ? "Z" : ""));
  if (Number.isNaN(atMs)) return undefined;
  const instant = `${Math.floor(atMs / 1000)}.${fraction.padEnd(6, "0")}`;
  const digits = fraction.length === 6 || fraction.length === 0 ? "" : ` .${fraction.length}`;
  const utc = `${new Date(atMs).toISOString().slice(0, 19)}${fraction === "" ? "" : `.${fraction}`}Z`;
  return { atMs, instant, utc, form: `${zone === "" ? " zone none" : ""}${digits}` };
}

function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}

function cleanValue(value: unknown, context: Context): unknown {
  const { key, labels, ignored } = context;
  const seconds = SECONDS_FIELDS.has(key) ? toNumber(value) : undefined;
  if (seconds !== undefined) return MEASURED_SECONDS.has(key) || seconds !== 0 ? roughSeconds(seconds) : 0;
  if (FLOAT_FIELDS.has(key) && toNumber(value) !== undefined) return toNumber(value);
  const raw = rawNumberText(value);
  if (raw !== undefined) return `<number ${raw}>`;
  if (typeof value === "string") return labels.text(value, key);
  if (Array.isArray(value)) {
    const items = value.map((item) => cleanValue(item, context));
    if (key === "exception_detail") return items.map(withoutPosition).sort(byJson);
    // The union of a deployment's and a run's tags is a set there, in another order each time.
    return key === "tags" ? items.sort(byJson) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => {
    const cleaned = ignored.has(name) ? "<ignored>" : cleanValue(item, { ...context, key: name });
    return [labels.text(name, ""), cleaned];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Where and why a text is not JSON is told by the parser of the language; links into its manual are not ours. */
function withoutPosition(issue: unknown): unknown {
  const { url: _url, ...rest } = issue as Readonly<Record<string, unknown>>;
  if (rest.type === "json_invalid") return { type: rest.type, msg: rest.msg };
  // Its pattern is the list of all zones.
  const isZone = String(rest.loc).endsWith("RRuleSchedule,timezone") && rest.ctx !== undefined;
  return isZone ? { ...rest, type: "<no such zone>", msg: "", ctx: {} } : rest;
}

function roughSeconds(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  if (Math.abs(seconds) < SHORT_SECONDS) return "<short>";
  if (seconds > LONG_SECONDS) return "<long>";
  return `<about ${Math.round(seconds / 60)} min>`;
}

type Order = (a: unknown, b: unknown) => number;

function sortUnordered(body: unknown, paths: readonly string[], order: Order): unknown {
  return paths.reduce((value, path) => sortAt(value, path.split(".").slice(1), order), body);
}

function sortAt(value: unknown, path: readonly string[], order: Order): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return Array.isArray(value) ? [...value].sort(order) : value;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? sortAt(item, rest, order) : item));
  if (!isRecord(value)) return value;
  return { ...value, [key]: sortAt(value[key], rest, order) };
}

/** By all but what differs between two runs. */
function byShape(a: unknown, b: unknown): number {
  return shapeOf(a) < shapeOf(b) ? -1 : 1;
}

function shapeOf(value: unknown): string {
  return JSON.stringify(sortKeys(value))
    .replaceAll(UUID, "")
    .replaceAll(TIME, "")
    .replaceAll(/"[a-z]+-[a-z]+"/g, "");
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isRecord(value) || rawNumberText(value) !== undefined) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, sortKeys(item)] as const)
      .sort(([x], [y]) => (x < y ? -1 : 1)),
  );
}

function byJson(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
