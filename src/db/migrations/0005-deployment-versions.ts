import type { Migration } from "./step.ts";
import { addColumn, dropColumn } from "./steps/columns.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";
import { createTable, dropTable } from "./steps/tables.ts";
import {
  emptyArray,
  emptyObject,
  falseByDefault,
  json,
  longText,
  optional,
  references,
  table,
  text,
  timestamp,
  uuid,
  withDefault,
} from "./table-definition.ts";

/** The reference's own slip: on SQLite the default of `id` is a function SQLite does not have. */
const id = withDefault(uuid(), "(GEN_RANDOM_UUID())", "gen_random_uuid()");
const now = () => withDefault(timestamp(), "CURRENT_TIMESTAMP");

/** Columns whose defaults the reference has declared otherwise than those of its other tables. */
export const slippedColumns = { id, created: now(), updated: now() };

const deploymentVersion = table(
  "deployment_version",
  {
    deployment_id: references(uuid(), "deployment", { onDelete: "CASCADE" }),
    branch: optional(text()),
    version_info: emptyObject(),
    description: optional(longText()),
    tags: emptyArray(),
    labels: optional(json()),
    entrypoint: optional(text()),
    pull_steps: optional(json()),
    parameters: emptyObject(),
    parameter_openapi_schema: optional(json()),
    enforce_parameter_schema: falseByDefault(),
    work_queue_id: optional(references(uuid(), "work_queue", { onDelete: "SET NULL" })),
    work_queue_name: optional(text()),
    infra_overrides: emptyObject(),
    ...slippedColumns,
  },
  {
    uniqueIndexes: { uq_deployment_version__deployment__branch: "deployment_id, branch" },
    indexes: {
      ix_deployment_version__deployment_id: "deployment_id",
      ix_deployment_version__updated: "updated",
      ix_deployment_version__work_queue_id: "work_queue_id",
      ix_deployment_version__work_queue_name: "work_queue_name",
    },
  },
);

export const deploymentVersions: Migration = {
  title: "Keep versions of deployments",
  revision: { sqlite: "bbca16f6f218", postgres: "06b7c293bc69" },
  up: [
    createTable("deployment_version", deploymentVersion),
    addColumn("deployment", "version_id", optional(uuid())),
    createIndex("deployment ix_deployment__version_id (version_id)"),
  ],
  down: [
    dropIndex("ix_deployment__version_id"),
    dropColumn("deployment", "version_id"),
    dropTable("deployment_version"),
  ],
};
