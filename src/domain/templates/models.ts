import { timestampToMs } from "../../kit/timestamp.ts";
import { fromJson } from "./from-json.ts";
import { EVENTS_URL, PAGE_URL } from "./object-filters.ts";
import { toRepr, toText } from "./printing.ts";
import { Callable, Dict, Thing, type Value } from "./values.ts";

type Fields = Readonly<Record<string, unknown>>;
type Labels = Readonly<Record<string, string>>;

/** Addresses of an object's pages; null where there are no pages. */
export interface Links {
  readonly page: string | null;
  readonly events: string | null;
}

/** A point in time as Python prints it, with its parts as fields. */
export function timeValue(timestamp: string): Thing {
  const [date = "", rest = ""] = timestamp.split("T");
  const [clock = "", fraction = ""] = rest.replace("Z", "").split(".");
  const text = `${clock}${fraction === "" ? "" : `.${fraction.padEnd(6, "0")}`}+00:00`;
  const [year, month, day] = date.split("-").map(BigInt);
  const [hour, minute, second] = clock.split(":").map(BigInt);
  const parts = { year, month, day, hour, minute, second, microsecond: BigInt(fraction.padEnd(6, "0")) };
  const methods = {
    isoformat: () => `${date}T${text}`,
    timestamp: () => timestampToMs(`${timestamp.slice(0, 19)}Z`) / 1000 + Number(`0.${fraction || "0"}`),
    strftime: (format: Value) => strftime(toText(format), timestamp),
  };
  const callables = Object.entries(methods).map(
    ([name, apply]) => [name, new Callable(name, ([first = ""]) => apply(first))] as const,
  );
  const fields = new Map<string, Value>([...(Object.entries(parts) as [string, Value][]), ...callables]);
  return new Thing("DateTime", fields, { text: `${date} ${text}`, json: timestamp });
}

/** An object of the API: its fields, those in `special` in a form of their own. */
export function modelValue(
  type: string,
  shown: Fields,
  how: { links?: Links; special?: Map<string, Value> } = {},
): Thing {
  const { links, special } = how;
  const fields = new Map<string, Value>(
    Object.entries(shown).map(([name, value]) => [name, special?.get(name) ?? fieldValue(name, value)]),
  );
  for (const [name, value] of special ?? []) fields.set(name, value);
  const text = Object.keys(shown)
    .map((name) => `${name}=${toRepr(fields.get(name) ?? null)}`)
    .join(" ");
  fields.set(PAGE_URL, links?.page ?? null);
  fields.set(EVENTS_URL, links?.events ?? null);
  return new Thing(type, fields, { text, json: fromJson(shown) });
}

/** A resource of an event: its labels, and shorter names for some of them. */
export function resourceValue(labels: Labels, links: Links): Thing {
  const dict = Dict.from(Object.entries(labels));
  const get: Callable["call"] = ([key = null, fallback = null]) => dict.get(key) ?? fallback;
  const all = () => Object.entries(labels).map(([key, value]) => [key, value] as const);
  const fields = new Map<string, Value>([
    ["id", labels["prefect.resource.id"] ?? null],
    ["name", labels["prefect.resource.name"] ?? labels["prefect.name"] ?? null],
    ["role", labels["prefect.resource.role"] ?? null],
    ["root", dict],
    ["labels", labelsValue(labels)],
    ["get", new Callable("get", get)],
    ["keys", new Callable("keys", () => all().map(([key]) => key))],
    ["items", new Callable("items", () => all().map(([key, value]) => [key, value]))],
    [PAGE_URL, links.page],
    [EVENTS_URL, links.events],
  ]);
  const read = (name: string) => fields.get(name) ?? labels[name];
  return new Thing("Resource", fields, { read, text: `root=${toRepr(dict)}`, json: dict });
}

/** Labels to be reached one dotted part after the other, each the text of its value. */
export function labelsValue(labels: Labels, own = ""): Thing {
  const heads = Map.groupBy(Object.entries(labels), ([key]) => key.split(".", 1)[0] ?? key);
  const fields = new Map<string, Value>();
  for (const [head, entries] of heads) {
    const below = entries.filter(([key]) => key !== head).map(([key, value]) => [key.slice(head.length + 1), value]);
    fields.set(head, labelsValue(Object.fromEntries(below), labels[head] ?? ""));
  }
  const read = (name: string) => (name.includes(".") ? labels[name] : fields.get(name));
  const items = Object.entries(labels).map(([key, value]) => [key, value]);
  return new Thing("LabelDiver", fields, { read, text: own, items });
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;
const TIME_FIELDS =
  /^(?:created|updated|occurred|received|triggered|timestamp|last_polled|recorded|(?:.*_)?time(?:stamp)?)$/;

function fieldValue(name: string, value: unknown): Value {
  return typeof value === "string" && TIME_FIELDS.test(name) && TIME.test(value) ? timeValue(value) : fromJson(value);
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];

function strftime(format: string, timestamp: string): string {
  const date = new Date(`${timestamp.slice(0, 19)}Z`);
  const two = (number: number) => String(number).padStart(2, "0");
  const hour = date.getUTCHours();
  const day = DAYS[date.getUTCDay()] ?? "";
  const month = MONTHS[date.getUTCMonth()] ?? "";
  const parts: Readonly<Record<string, string>> = {
    ...{ Y: timestamp.slice(0, 4), y: timestamp.slice(2, 4), m: timestamp.slice(5, 7), d: timestamp.slice(8, 10) },
    ...{ H: two(hour), I: two(hour % 12 || 12), M: timestamp.slice(14, 16), S: timestamp.slice(17, 19) },
    ...{ p: hour < 12 ? "AM" : "PM", f: timestamp.slice(20, -1).padEnd(6, "0"), z: "+0000", Z: "UTC", "%": "%" },
    ...{ A: day, a: day.slice(0, 3), B: month, b: month.slice(0, 3), F: timestamp.slice(0, 10) },
    ...{ T: timestamp.slice(11, 19), s: String(date.getTime() / 1000) },
  };
  return format.replaceAll(/%([A-Za-z%])/g, (whole, letter: string) => parts[letter] ?? whole);
}
