import * as s from "../kit/schema/schema.ts";
import { CreatedBy, UpdatedBy } from "./attribution.ts";
import { labels, openObject, orNull, storedFields } from "./common.ts";
import { GlobalConcurrencyLimitResponse } from "./concurrency-limit.ts";
import { ScheduleInput, ScheduleOutput } from "./schedule.ts";

export const DeploymentStatus = s.oneOf(["READY", "NOT_READY"], "DeploymentStatus");
export type DeploymentStatus = s.Infer<typeof DeploymentStatus>;

export const ConcurrencyLimitStrategy = s.oneOf(["ENQUEUE", "CANCEL_NEW"], "ConcurrencyLimitStrategy");
export type ConcurrencyLimitStrategy = s.Infer<typeof ConcurrencyLimitStrategy>;

export const ConcurrencyOptions = s.object("ConcurrencyOptions", {
  collision_strategy: ConcurrencyLimitStrategy,
  grace_period_seconds: orNull(s.integer({ ge: 60, le: 86400 })),
});
export type ConcurrencyOptions = s.Infer<typeof ConcurrencyOptions>;

export const VersionInfo = s.object(
  "VersionInfo",
  {
    type: s.string(),
    version: s.string(),
  },
  { extra: "allow" },
);
export type VersionInfo = s.Infer<typeof VersionInfo>;

export const DeploymentSchedule = s.object("DeploymentSchedule", {
  ...storedFields,
  deployment_id: orNull(s.uuid()),
  schedule: ScheduleOutput,
  active: s.defaulted(s.boolean(), true),
  max_scheduled_runs: orNull(s.integer({ gt: 0 })),
  parameters: s.defaulted(s.record(s.json()), () => ({})),
  slug: orNull(s.string()),
});
export type DeploymentSchedule = s.Infer<typeof DeploymentSchedule>;

/** The reference's default for how far ahead a schedule may be filled. */
const MAX_SCHEDULED_RUNS = 50;

const maxScheduledRuns = s.refine(s.integer({ gt: 0 }), (count) =>
  count > MAX_SCHEDULED_RUNS
    ? `\`max_scheduled_runs\` must be less than or equal to ${MAX_SCHEDULED_RUNS}.`
    : undefined,
);

export const DeploymentScheduleCreate = s.object(
  "DeploymentScheduleCreate",
  {
    active: s.defaulted(s.boolean(), true),
    schedule: ScheduleInput,
    max_scheduled_runs: orNull(maxScheduledRuns),
    parameters: s.defaulted(s.record(s.json()), () => ({})),
    slug: orNull(s.string()),
    replaces: orNull(s.string()),
  },
  { extra: "forbid" },
);
export type DeploymentScheduleCreate = s.Infer<typeof DeploymentScheduleCreate>;

export const DeploymentScheduleUpdate = s.object(
  "DeploymentScheduleUpdate",
  {
    active: s.optional(s.nullable(s.boolean())),
    schedule: s.optional(s.nullable(ScheduleInput)),
    max_scheduled_runs: s.optional(s.nullable(maxScheduledRuns)),
    parameters: s.optional(s.record(s.json())),
    slug: s.optional(s.nullable(s.string())),
    replaces: s.optional(s.nullable(s.string())),
  },
  { extra: "forbid" },
);
export type DeploymentScheduleUpdate = s.Infer<typeof DeploymentScheduleUpdate>;

export const DeploymentCreate = refuseTwoLimits(
  showParameters(
    forgetOldFields(
      s.object(
        "DeploymentCreate",
        {
          name: s.string(),
          flow_id: s.uuid(),
          paused: s.optional(s.boolean(), false),
          schedules: s.optional(s.array(DeploymentScheduleCreate)),
          concurrency_limit: s.optional(s.nullable(s.integer({ gt: 0 }))),
          concurrency_options: s.optional(s.nullable(ConcurrencyOptions)),
          global_concurrency_limit_id: s.optional(s.nullable(s.uuid())),
          enforce_parameter_schema: s.optional(s.boolean(), true),
          parameter_openapi_schema: s.optional(filledSchema(openObject)),
          parameters: s.optional(s.record(s.json())),
          tags: s.optional(s.array(s.string())),
          labels: s.optional(s.nullable(labels())),
          pull_steps: s.optional(s.nullable(s.array(s.record(s.json())))),
          work_queue_name: s.optional(s.nullable(s.string())),
          work_pool_name: s.optional(s.nullable(s.string())),
          storage_document_id: s.optional(s.nullable(s.uuid())),
          infrastructure_document_id: s.optional(s.nullable(s.uuid())),
          description: s.optional(s.nullable(s.string())),
          path: s.optional(s.nullable(s.string())),
          version: s.optional(s.nullable(s.string())),
          entrypoint: s.optional(s.nullable(s.string())),
          job_variables: s.optional(s.record(s.json())),
          version_info: s.optional(s.nullable(VersionInfo)),
        },
        { extra: "forbid" },
      ),
    ),
  ),
);
export type DeploymentCreate = s.Infer<typeof DeploymentCreate>;

export const DeploymentUpdate = refuseTwoLimits(
  forgetOldFields(
    s.object(
      "DeploymentUpdate",
      {
        version: s.optional(s.nullable(s.string())),
        description: s.optional(s.nullable(s.string())),
        paused: s.optional(s.boolean(), false),
        schedules: s.optional(s.array(DeploymentScheduleUpdate)),
        concurrency_limit: s.optional(s.nullable(s.integer({ gt: 0 }))),
        concurrency_options: s.optional(s.nullable(ConcurrencyOptions)),
        global_concurrency_limit_id: s.optional(s.nullable(s.uuid())),
        parameters: s.optional(s.nullable(s.record(s.json()))),
        parameter_openapi_schema: s.optional(filledSchema(s.nullable(s.record(s.json())))),
        tags: s.optional(s.array(s.string())),
        work_queue_name: s.optional(s.nullable(s.string())),
        work_pool_name: s.optional(s.nullable(s.string())),
        path: s.optional(s.nullable(s.string())),
        job_variables: s.optional(s.nullable(s.record(s.json()))),
        pull_steps: s.optional(s.nullable(s.array(s.record(s.json())))),
        entrypoint: s.optional(s.nullable(s.string())),
        storage_document_id: s.optional(s.nullable(s.uuid())),
        infrastructure_document_id: s.optional(s.nullable(s.uuid())),
        enforce_parameter_schema: s.optional(s.nullable(s.boolean())),
        version_info: s.optional(s.nullable(VersionInfo)),
      },
      { extra: "forbid" },
    ),
  ),
);
export type DeploymentUpdate = s.Infer<typeof DeploymentUpdate>;

export const DeploymentResponse = s.object("DeploymentResponse", {
  ...storedFields,
  name: s.string(),
  version: orNull(s.string()),
  description: orNull(s.string()),
  flow_id: s.uuid(),
  paused: s.defaulted(s.boolean(), false),
  schedules: s.defaulted(s.array(DeploymentSchedule), () => []),
  concurrency_limit: s.defaulted(s.documented(s.nullable(s.integer()), { keywords: { deprecated: true } }), null),
  global_concurrency_limit: orNull(GlobalConcurrencyLimitResponse),
  concurrency_options: orNull(ConcurrencyOptions),
  job_variables: s.defaulted(s.record(s.json()), () => ({})),
  parameters: s.defaulted(s.record(s.json()), () => ({})),
  tags: s.defaulted(s.array(s.string()), () => []),
  labels: s.defaulted(labels(), () => ({})),
  work_queue_name: orNull(s.string()),
  work_queue_id: orNull(s.uuid()),
  last_polled: orNull(s.dateTime()),
  parameter_openapi_schema: s.defaulted(openObject, null),
  path: orNull(s.string()),
  pull_steps: orNull(s.array(s.record(s.json()))),
  entrypoint: orNull(s.string()),
  storage_document_id: orNull(s.uuid()),
  infrastructure_document_id: orNull(s.uuid()),
  created_by: orNull(CreatedBy),
  updated_by: orNull(UpdatedBy),
  work_pool_name: orNull(s.string()),
  status: s.defaulted(s.nullable(DeploymentStatus), "NOT_READY"),
  enforce_parameter_schema: s.defaulted(s.boolean(), true),
});
export type DeploymentResponse = s.Infer<typeof DeploymentResponse>;

export const DeploymentPaginationResponse = s.object("DeploymentPaginationResponse", {
  results: s.array(DeploymentResponse),
  count: s.integer(),
  limit: s.integer(),
  pages: s.integer(),
  page: s.integer(),
});
export type DeploymentPaginationResponse = s.Infer<typeof DeploymentPaginationResponse>;

export const DeploymentBulkDeleteResponse = s.object("DeploymentBulkDeleteResponse", {
  deleted: s.defaulted(s.array(s.uuid()), () => []),
});
export type DeploymentBulkDeleteResponse = s.Infer<typeof DeploymentBulkDeleteResponse>;

/** An empty schema of parameters is taken for one of no parameters. */
function filledSchema(schema: s.Schema<Readonly<Record<string, unknown>> | null>) {
  return s.transform(schema, (value) =>
    value !== null && Object.keys(value).length === 0 ? { type: "object", properties: {} } : value,
  );
}

/** Refusals show the body with the parameters it leaves out as `{}`, as those of the reference do. */
function showParameters<T>(schema: s.Schema<T>): s.Schema<T> {
  return s.preprocess(schema, (input) => {
    if (s.isRecord(input) && !Object.hasOwn(input, "parameters")) Object.assign(input, { parameters: {} });
    return input;
  });
}

const FORGOTTEN_FIELDS = [
  "worker_pool_queue_id",
  "worker_pool_name",
  "worker_pool_queue_name",
  "work_pool_queue_name",
] as const;

function refuseTwoLimits<T>(schema: s.Schema<T>): s.Schema<T> {
  return s.guard(schema, (input) =>
    s.isRecord(input) && input.concurrency_limit && input.global_concurrency_limit_id
      ? "A deployment cannot have both a concurrency limit and a global concurrency limit."
      : undefined,
  );
}

/** Drops fields that clients before 2.8 send. */
function forgetOldFields<T>(schema: s.Schema<T>): s.Schema<T> {
  return s.preprocess(schema, (input) => {
    if (!s.isRecord(input) || !FORGOTTEN_FIELDS.some((key) => Object.hasOwn(input, key))) return input;
    return Object.fromEntries(Object.entries(input).filter(([key]) => !isForgotten(key)));
  });
}

function isForgotten(key: string): boolean {
  return (FORGOTTEN_FIELDS as readonly string[]).includes(key);
}
