import { isRecord } from "../../kit/schema/schema.ts";
import type { Json } from "./block-definitions.ts";

/** What stands for a secret in answers. */
const MASK = "********";

type Path = readonly string[];

/**
 * A document's data with its secrets masked. `secretFields` are dotted paths as a schema lists them; everything below the
 * part before a `*` is secret, too.
 */
export function maskSecrets(data: Json, secretFields: readonly string[]): Json {
  const isSecret = secretTest(data, secretFields);
  return mapLeaves(data, (value, path) => (isSecret(path) ? MASK : value));
}

/** Data that somebody sends back as it was shown: what is masked in it keeps its present value. */
export function keepMaskedSecrets(update: Json, current: Json, secretFields: readonly string[]): Json {
  const isSecret = secretTest(current, secretFields);
  const known = leaves(current);
  return mapLeaves(update, (value, path) => {
    const place = placeOf(path);
    return value === MASK && isSecret(path) && known.has(place) ? known.get(place) : value;
  });
}

/** A field whose own value is null is no secret, unless it lies below a `*`. */
function secretTest(data: Json, secretFields: readonly string[]): (path: Path) => boolean {
  const known = leaves(data);
  const paths = secretFields.map((field) => field.split("."));
  const present = paths.filter((path) => (known.get(placeOf(path)) ?? null) !== null);
  const exact = new Set(present.map(placeOf));
  const prefixes = paths
    .filter((path) => path.includes("*") && !exact.has(placeOf(path)))
    .map((path) => path.slice(0, path.indexOf("*")));
  return (path) =>
    exact.has(placeOf(path)) || prefixes.some((prefix) => placeOf(prefix) === placeOf(path.slice(0, prefix.length)));
}

function placeOf(path: Path): string {
  return JSON.stringify(path);
}

function leaves(data: Json): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  mapLeaves(data, (value, path) => {
    found.set(placeOf(path), value);
    return value;
  });
  return found;
}

/** Everything but an object with keys is a leaf, arrays too. */
function mapLeaves(data: Json, change: (value: unknown, path: Path) => unknown, above: Path = []): Json {
  const entries = Object.entries(data).map(([key, value]) => {
    const path = [...above, key];
    const isInner = isRecord(value) && Object.keys(value).length > 0;
    return [key, isInner ? mapLeaves(value, change, path) : change(value, path)];
  });
  return Object.fromEntries(entries);
}
