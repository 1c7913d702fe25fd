import type { DeploymentRow } from "../../db/repositories/deployments.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import { isEqual } from "../../domain/parameters/json-types.ts";
import { parseJson } from "../../kit/json.ts";
import type { ServerContext } from "../context.ts";
import { deploymentEvent } from "./polls.ts";

const PLAIN = [
  "description",
  "enforce_parameter_schema",
  "entrypoint",
  "path",
  "work_queue_id",
  "paused",
  "version",
  "concurrency_limit_id",
] as const;
const JSON_FIELDS = [
  "tags",
  "parameters",
  "parameter_openapi_schema",
  "pull_steps",
  "infra_overrides",
  "labels",
  "concurrency_options",
] as const;

/** The event that tells what changed of a deployment; none when nothing did. */
export function deploymentUpdateEvents(
  ctx: ServerContext,
  before: DeploymentRow,
  after: DeploymentRow,
): readonly NewEvent[] {
  const updates: Record<string, { from: unknown; to: unknown }> = {};
  for (const field of PLAIN) {
    if (before[field] !== after[field]) updates[field] = { from: before[field], to: after[field] };
  }
  for (const field of JSON_FIELDS) {
    const [from, to] = [read(before[field]), read(after[field])];
    if (!isEqual(from, to)) updates[field] = { from, to };
  }
  const fields = Object.keys(updates);
  if (fields.length === 0) return [];
  return [{ ...deploymentEvent(ctx, "updated", after), payload: { updated_fields: fields, updates } }];
}

const read = (text: string | null) => (text === null ? null : parseJson(text));
