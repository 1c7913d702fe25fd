import type { RowChanges } from "../../db/tables.ts";
import type { DeploymentCreate, DeploymentUpdate } from "../../schemas/deployment.ts";

const PLAIN = [
  "version",
  "description",
  "paused",
  "path",
  "entrypoint",
  "work_queue_name",
  "storage_document_id",
  "infrastructure_document_id",
] as const;
const JSON_FIELDS = ["parameter_openapi_schema", "pull_steps", "concurrency_options", "tags"] as const;

/** The columns a request sets: only those it names. Queue and limits are other rows' business. */
export function deploymentColumns(body: Partial<DeploymentCreate> | DeploymentUpdate): RowChanges<"deployment"> {
  const columns: Record<string, unknown> = {};
  for (const field of PLAIN) if (body[field] !== undefined) columns[field] = body[field];
  for (const field of JSON_FIELDS) {
    const value = body[field];
    if (value !== undefined) columns[field] = value === null ? null : JSON.stringify(value);
  }
  const { parameters, job_variables, enforce_parameter_schema, global_concurrency_limit_id } = body;
  if (parameters) columns.parameters = JSON.stringify(parameters);
  if (job_variables) columns.infra_overrides = JSON.stringify(job_variables);
  if (typeof enforce_parameter_schema === "boolean") columns.enforce_parameter_schema = enforce_parameter_schema;
  if (global_concurrency_limit_id !== undefined) columns.concurrency_limit_id = global_concurrency_limit_id;
  return columns as RowChanges<"deployment">;
}
