import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject } from "../parameters/json-types.ts";
import type { DeploymentFields } from "./deployment-fields.ts";
import { comparableSchedules } from "./deployment-schedules.ts";

/** One value that a deploy would change. */
export interface Change {
  /** Dotted path. */
  readonly field: string;
  /** Undefined where there is nothing yet. */
  readonly before: unknown;
  readonly after: unknown;
}

/** How the deployment would differ after `fields` are sent; without an existing one, everything they say. */
export function deploymentChanges(fields: DeploymentFields, existing: JsonObject | undefined): readonly Change[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    if (field === "version_info") return [];
    const before = field === "concurrency_limit" ? limitOf(existing) : existing?.[field];
    if (field === "schedules") return differences(field, comparableSchedules(before), comparableSchedules(value));
    if (existing === undefined && (value === null || value === undefined)) return [];
    return differences(field, before, value);
  });
}

/** The API shows the limit as a global one that belongs to the deployment. */
function limitOf(existing: JsonObject | undefined): unknown {
  const limit = existing?.global_concurrency_limit;
  return isObject(limit) ? limit.limit : existing && null;
}

function differences(field: string, before: unknown, after: unknown): readonly Change[] {
  if (after === undefined || isDeepStrictEqual(plain(before), plain(after))) return [];
  const isNested = isObject(before) && isObject(after) && field !== "parameter_openapi_schema";
  if (!isNested) return [{ field, before: before ?? undefined, after }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    if (isDeepStrictEqual(plain(before[key]), plain(after[key]))) return [];
    return [{ field: `${field}.${key}`, before: before[key], after: after[key] }];
  });
}

/** Without keys that hold undefined, and with numbers in one form. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
