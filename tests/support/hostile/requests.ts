import type { Route } from "../../../src/server/route.ts";
import { bodySchema, type Known, type Place, places, sample, withTextAt } from "./schema-paths.ts";
import { HOSTILE_BODIES, HOSTILE_SEGMENTS, hostileTexts } from "./values.ts";

export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Paths with an id of the wrong form lead nowhere, all alike. */
const SEGMENTS_FOR_IDS = 6;

/**
 * Requests that no operation expects: bad bodies, bad fields, bad paths, bad queries. `known` gives what path parameters
 * and ids refer to; `seen` remembers fields across operations: a filter's need to be tried once only.
 */
export function hostileRequests(route: Route, known: Known, seen: Set<string>): readonly HostileRequest[] {
  const { method } = route;
  const path = fill(route.path, (name) => encodeURIComponent(known[name] ?? "a-name"));
  const body = sampleBody(route, known);
  return [
    { method, path, ...body },
    ...hostilePaths(route).map((hostile) => ({ method, path: hostile, ...body })),
    ...hostileQueries(route, path).map((hostile) => ({ method, path: hostile, ...body })),
    ...(route.body === undefined ? [] : HOSTILE_BODIES).map((hostile) => ({ method, path, body: hostile })),
    ...hostileFields(route, known, seen).map((hostile) => ({ method, path, body: hostile })),
  ];
}

function sampleBody(route: Route, known: Known): { readonly body?: string } {
  return route.body === undefined ? {} : { body: JSON.stringify(sample(bodySchema(route.body), known)) };
}

function fill(path: string, value: (name: string) => string): string {
  return path.replaceAll(/\{(\w+)(:uuid)?\}/g, (_all, name: string) => value(name));
}

function hostilePaths(route: Route): readonly string[] {
  if (!route.path.includes("{")) return [];
  const takesText = /\{\w+\}/.test(route.path);
  const segments = takesText ? HOSTILE_SEGMENTS : HOSTILE_SEGMENTS.slice(0, SEGMENTS_FOR_IDS);
  return segments.map((segment) => fill(route.path, () => segment));
}

function hostileQueries(route: Route, path: string): readonly string[] {
  const fields = Object.keys((route.query?.component?.node.properties ?? {}) as object);
  return fields.flatMap((field) => HOSTILE_SEGMENTS.map((value) => `${path}?${field}=${value}&${field}=${value}`));
}

function hostileFields(route: Route, known: Known, seen: Set<string>): readonly string[] {
  if (route.body === undefined) return [];
  const schema = bodySchema(route.body);
  const valid = sample(schema, known);
  const fresh = places(schema).filter((place) => !seen.has(keyOf(place)));
  for (const place of fresh) seen.add(keyOf(place));
  return fresh.flatMap(({ path, node }) => hostileTexts(node).map((text) => withTextAt(valid, path, text)));
}

/** What filters have in common, such as `name.any_`, is one; fields of other objects are told apart by their owner. */
function keyOf({ name, path, node }: Place): string {
  return name.includes("Filter") ? `${path.slice(-2).join(".")} ${JSON.stringify(node)}` : name;
}
