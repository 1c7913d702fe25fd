import * as s from "../../kit/schema/schema.ts";
import { isObject } from "../parameters/json-types.ts";

const optionalText = s.optional(s.nullable(s.string()));

/** One step may stand without its list. An empty mapping says nothing. */
const steps = s.preprocess(s.nullable(s.array(s.record(s.json()))), (given) => {
  if (!isObject(given)) return given;
  return Object.keys(given).length === 0 ? null : [given];
});

const Schedule = s.refine(
  s.object(
    "ScheduleConfig",
    {
      cron: optionalText,
      interval: s.optional(s.nullable(s.duration())),
      rrule: optionalText,
      timezone: optionalText,
      anchor_date: optionalText,
      active: s.optional(s.nullable(s.union([s.boolean({ strict: true }), s.string()]))),
      parameters: s.optional(s.record(s.json())),
      slug: optionalText,
      replaces: optionalText,
      day_or: s.optional(s.nullable(s.union([s.boolean({ strict: true }), s.string()]))),
    },
    { extra: "forbid" },
  ),
  ({ cron, interval, rrule }) =>
    [cron, interval, rrule].filter((kind) => kind !== undefined && kind !== null).length === 1
      ? undefined
      : "Give exactly one of cron, interval and rrule.",
);

/** A schedule of prefect.yaml; an empty mapping stands for none. */
const ScheduleConfig = s.union([Schedule, s.object("NoSchedule", {}, { extra: "forbid" })]);
export type ScheduleConfig = s.Infer<typeof Schedule>;

const ConcurrencyLimit = s.object("ConcurrencyLimitConfig", {
  limit: s.optional(s.nullable(s.integer())),
  collision_strategy: optionalText,
  grace_period_seconds: s.optional(s.nullable(s.integer())),
});

const WorkPool = s.object("WorkPoolConfig", {
  name: optionalText,
  work_queue_name: optionalText,
  job_variables: s.optional(s.record(s.json())),
});

/** One entry of `deployments:`. What is absent was not said, which is not the same as null or empty. */
const DeploymentConfig = s.object("DeploymentConfig", {
  name: optionalText,
  version: optionalText,
  version_type: optionalText,
  tags: s.optional(s.nullable(s.union([s.string(), s.array(s.json())]))),
  description: optionalText,
  schedule: s.optional(s.nullable(ScheduleConfig)),
  schedules: s.optional(s.nullable(s.array(ScheduleConfig))),
  paused: s.optional(s.nullable(s.boolean())),
  concurrency_limit: s.optional(s.nullable(s.union([s.integer(), ConcurrencyLimit]))),
  entrypoint: optionalText,
  parameters: s.optional(s.record(s.json())),
  enforce_parameter_schema: s.optional(s.nullable(s.boolean())),
  build: s.optional(steps),
  push: s.optional(steps),
  pull: s.optional(steps),
  work_pool: s.optional(s.nullable(WorkPool)),
  triggers: s.optional(s.nullable(s.array(s.record(s.json())))),
  sla: s.optional(s.nullable(s.array(s.record(s.json())))),
});
export type DeploymentConfig = s.Infer<typeof DeploymentConfig>;

/** The schedules an entry has, also under the old key; undefined when it says nothing about them. */
export function writtenSchedules({ schedules, schedule }: DeploymentConfig): readonly ScheduleConfig[] | undefined {
  const old = schedule && Object.keys(schedule).length > 0 ? [schedule] : undefined;
  return (schedules ?? old) as readonly ScheduleConfig[] | undefined;
}

const ProjectFile = s.object("ProjectFile", {
  "prefect-version": optionalText,
  name: optionalText,
  build: s.optional(steps),
  push: s.optional(steps),
  pull: s.optional(steps),
  deployments: s.defaulted(s.array(DeploymentConfig), () => []),
});

/** What prefect.yaml says. */
export type ProjectFile = s.Infer<typeof ProjectFile>;

export type ProjectFileReading =
  | { readonly ok: true; readonly project: ProjectFile }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks what a YAML parser made of prefect.yaml. The problems name the field, within a deployment also that. */
export function readProjectFile(raw: unknown): ProjectFileReading {
  const parsed = ProjectFile.parse(raw);
  if (parsed.ok) return { ok: true, project: parsed.value };
  const deployments = isObject(raw) && Array.isArray(raw.deployments) ? raw.deployments : [];
  const problems = parsed.errors.map((issue) => problemText(issue, deployments));
  return { ok: false, problems: [...new Set(problems)].toSorted() };
}

function problemText({ loc, msg: text }: s.ValidationIssue, deployments: readonly unknown[]): string {
  const [field, index, inner] = loc;
  const msg = text.replace("Value error, ", "");
  if (field !== "deployments" || typeof index !== "number") return `${String(field)}: ${msg}`;
  const deployment = deployments[index];
  const name = isObject(deployment) && typeof deployment.name === "string" ? deployment.name : `number ${index + 1}`;
  return inner === undefined ? `deployment ${name}: ${msg}` : `deployment ${name}, ${inner}: ${msg}`;
}
