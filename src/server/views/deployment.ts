import type { DeploymentScheduleRow } from "../../db/repositories/deployment-schedules.ts";
import type { DeploymentRow } from "../../db/repositories/deployments.ts";
import { parseJson } from "../../kit/json.ts";

const json = (text: string | null, fallback: unknown) => (text === null ? fallback : parseJson(text));

/** A schedule of a deployment as the API gives it (`DeploymentSchedule`). */
export function deploymentScheduleView(row: DeploymentScheduleRow) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    deployment_id: row.deployment_id,
    schedule: parseJson(row.schedule),
    active: row.active,
    max_scheduled_runs: row.max_scheduled_runs,
    parameters: json(row.parameters, {}),
    slug: row.slug,
  };
}

/**
 * A deployment as the API gives it (`DeploymentResponse`).
 * @param schedules of any deployments; its own are picked out
 */
export function deploymentView(row: DeploymentRow, schedules: readonly DeploymentScheduleRow[]) {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    version: row.version,
    description: row.description,
    flow_id: row.flow_id,
    paused: row.paused,
    schedules: schedules.filter(({ deployment_id }) => deployment_id === row.id).map(deploymentScheduleView),
    concurrency_limit: null,
    global_concurrency_limit: limitView(row),
    concurrency_options: json(row.concurrency_options, null),
    job_variables: json(row.infra_overrides, {}),
    parameters: json(row.parameters, {}),
    tags: json(row.tags, []),
    labels: json(row.labels, {}),
    work_queue_name: row.queue_name ?? row.work_queue_name,
    work_queue_id: row.work_queue_id,
    last_polled: row.last_polled,
    parameter_openapi_schema: json(row.parameter_openapi_schema, null),
    path: row.path,
    pull_steps: json(row.pull_steps, null),
    entrypoint: row.entrypoint,
    storage_document_id: row.storage_document_id,
    infrastructure_document_id: row.infrastructure_document_id,
    created_by: json(row.created_by, null),
    updated_by: json(row.updated_by, null),
    work_pool_name: row.work_pool_name,
    status: row.status,
    enforce_parameter_schema: row.enforce_parameter_schema,
  };
}

/** The slots in use are shown as they are stored, without decay. */
function limitView(row: DeploymentRow) {
  if (row.concurrency_limit_id === null || row.limit_name === null) return null;
  return {
    id: row.concurrency_limit_id,
    created: row.limit_created,
    updated: row.limit_updated,
    active: row.limit_active,
    name: row.limit_name,
    limit: row.limit_size,
    active_slots: row.limit_active_slots,
    slot_decay_per_second: row.limit_decay,
  };
}
