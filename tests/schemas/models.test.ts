import { beforeAll, describe, expect, test } from "vitest";
import { parseJson } from "../../src/kit/json.ts";
import type { Schema } from "../../src/kit/schema/schema.ts";
import { ArtifactCreate } from "../../src/schemas/artifact.ts";
import { BlockDocumentCreate, BlockSchemaCreate, BlockTypeCreate } from "../../src/schemas/block.ts";
import { ConcurrencyLimitV2Create } from "../../src/schemas/concurrency-limit.ts";
import {
  ConcurrencyOptions,
  DeploymentCreate,
  DeploymentScheduleCreate,
  DeploymentUpdate,
  VersionInfo,
} from "../../src/schemas/deployment.ts";
import { Event } from "../../src/schemas/event.ts";
import { EventFilter } from "../../src/schemas/filters/event-filter.ts";
import { FlowRunFilter } from "../../src/schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../src/schemas/filters/task-run-filter.ts";
import { FlowCreate, FlowUpdate } from "../../src/schemas/flow.ts";
import { FlowRunCreate, FlowRunPolicy, FlowRunUpdate } from "../../src/schemas/flow-run.ts";
import { LogCreate } from "../../src/schemas/log.ts";
import { SavedSearchCreate } from "../../src/schemas/saved-search.ts";
import { StateCreate, StateDetails } from "../../src/schemas/state.ts";
import { TaskRunCreate, TaskRunPolicy, TaskRunUpdate } from "../../src/schemas/task-run.ts";
import { VariableCreate } from "../../src/schemas/variable.ts";
import { WorkPoolCreate, WorkPoolUpdate } from "../../src/schemas/work-pool.ts";
import { WorkQueueCreate } from "../../src/schemas/work-queue.ts";
import { missing } from "../support/require.ts";
import { askModels, type ModelAnswer } from "./model-oracle.ts";

const schemas: Readonly<Record<string, Schema<unknown>>> = {
  ArtifactCreate,
  BlockDocumentCreate,
  BlockSchemaCreate,
  BlockTypeCreate,
  ConcurrencyLimitV2Create,
  ConcurrencyOptions,
  DeploymentCreate,
  DeploymentScheduleCreate,
  DeploymentUpdate,
  Event,
  EventFilter,
  FlowCreate,
  FlowRunCreate,
  FlowRunFilter,
  FlowRunPolicy,
  FlowRunUpdate,
  FlowUpdate,
  LogCreate,
  SavedSearchCreate,
  StateCreate,
  StateDetails,
  TaskRunCreate,
  TaskRunFilter,
  TaskRunPolicy,
  TaskRunUpdate,
  VariableCreate,
  VersionInfo,
  WorkPoolCreate,
  WorkPoolUpdate,
  WorkQueueCreate,
};

const ID = "123e4567-e89b-12d3-a456-426614174000";
const run = (rest: string) => `{"flow_id":"${ID}"${rest}}`;
const task = (rest: string) => `{"task_key":"a","dynamic_key":"b"${rest}}`;
const deployment = (rest: string) => `{"name":"d","flow_id":"${ID}"${rest}}`;
const block = (rest: string) => `{"block_schema_id":"${ID}","block_type_id":"${ID}"${rest}}`;
const event = (rest: string) => `{"occurred":"2020-01-01T00:00:00+00:00","event":"e","id":"${ID}"${rest}}`;
const state = (rest: string) => `{"type":"RUNNING"${rest}}`;
const pool = (template: string) => `{"name":"a","base_job_template":${template}}`;

const table: Readonly<Record<string, readonly string[]>> = {
  StateCreate: [
    state(""),
    '{"type":"AWAITING_X"}',
    "{}",
    state(',"name":null'),
    state(',"name":""'),
    state(',"state_details":null'),
    state(',"state_details":{"extra":1}'),
    state(',"state_details":{"scheduled_time":"x"}'),
    state(',"state_details":{"run_input_keyset":{"a":1}}'),
    state(',"data":{"a":[1,null]}'),
    state(',"id":1'),
  ],
  StateDetails: ['{"pause_timeout":1577836800,"transition_id":"x"}', "{}", "[]", '{"deferred":null,"retriable":"yes"}'],
  FlowRunPolicy: [
    '{"max_retries":3,"retry_delay_seconds":5}',
    '{"max_retries":3,"retries":1}',
    '{"max_retries":"3"}',
    '{"retry_delay_seconds":1.5}',
    '{"max_retries":null}',
    '{"max_retries":"x"}',
    '{"max_retries":false}',
    '{"max_retries":2,"retries":0}',
    '{"retry_type":"later"}',
    '{"pause_keys":["b","a","a"]}',
    '{"pause_keys":null}',
    "{}",
  ],
  TaskRunPolicy: [
    '{"retry_delay":[1,2],"retry_jitter_factor":-1}',
    '{"retry_delay_seconds":2}',
    `{"retry_delay":[${Array.from({ length: 51 }, () => 1).join()}]}`,
    '{"retry_delay":[0.5,1]}',
    '{"retry_delay":"x"}',
  ],
  FlowRunCreate: [
    run(""),
    "{}",
    "[]",
    run(',"name":1'),
    run(',"name":null'),
    run(',"labels":null'),
    run(',"labels":{"a":1,"b":"c"}'),
    run(',"labels":{"a":null}'),
    run(',"deployment_id":null,"tags":["a"],"parameters":{"x":{"y":1}}'),
    run(',"parameters":[]'),
    run(',"tags":"a"'),
    run(',"unknown":1,"other":2'),
    run(',"state":{"type":"x"}'),
    run(',"empirical_policy":{"retries":"x"}'),
    '{"flow_id":"x"}',
  ],
  FlowRunUpdate: ["{}", '{"name":null}', '{"name":5}', '{"tags":null}', '{"job_variables":{}}'],
  TaskRunCreate: [
    task(""),
    task(',"cache_key":5'),
    task(`,"cache_key":"${"x".repeat(2001)}"`),
    task(',"task_inputs":{"x":[{"input_type":"zzz"}]}'),
    task(`,"task_inputs":{"x":[{"id":"${ID}"},{"input_type":"flow_run","id":"${ID}"},{"name":"p"},{"type":"t"}]}`),
    task(',"task_inputs":{"x":{}}'),
    '{"task_key":"a","dynamic_key":1}',
  ],
  TaskRunUpdate: ["{}", '{"name":null}', '{"name":[1]}'],
  FlowCreate: ['{"name":""}', '{"name":"a/b"}', '{"name":"a","labels":null}', '{"name":"a","tags":[1]}'],
  FlowUpdate: ["{}", '{"tags":["a"]}', '{"name":"a"}'],
  LogCreate: [
    '{"name":"a","level":"20","message":"m","timestamp":1577836800.5}',
    '{"name":"a","level":20.5,"message":null,"timestamp":"x","flow_run_id":"","worker_id":null}',
  ],
  FlowRunFilter: [
    "{}",
    '{"start_time":{"before_":"x"}}',
    '{"state":{"type":{"any_":["X"]}}}',
    '{"operator":null}',
    '{"id":{"any_":["x"]}}',
    '{"tags":{"all_":["a"],"operator":"or_","is_null_":"no"}}',
    '{"name":null,"foo":1}',
  ],
  TaskRunFilter: ["{}", '{"flow_run_id":{"any_":[]}}', '{"subflow_runs":{"exists_":1}}', '{"state":[]}'],
  EventFilter: [
    '{"related":{"x":1}}',
    '{"related":[{"id":["a"]}],"any_resource":{"labels":{"a":["b"],"c":"d"}}}',
    '{"any_resource":{"labels":{"a":1}}}',
    '{"occurred":null}',
    '{"occurred":{"since":null}}',
    '{"text":{"query":""},"order":"ASC"}',
    '{"related":{"resources_in_roles":[["a"],["b","c"]]}}',
  ],
  Event: [
    event(',"resource":{"prefect.resource.id":"x"},"unknown":1'),
    event(',"resource":{}'),
    event(',"resource":{"prefect.resource.id":""}'),
    event(',"resource":{"prefect.resource.id":1}'),
    event(',"resource":{"prefect.resource.id":"x"},"related":[{"prefect.resource.id":"y"}]'),
    event(',"resource":{"prefect.resource.id":"x"},"related":[{}]'),
    event(',"resource":[]'),
    event(`,"resource":{"prefect.resource.id":"x"},"event":"${"e".repeat(1025)}"`),
    "{}",
  ],
  DeploymentScheduleCreate: [
    '{"schedule":{"interval":60,"anchor_date":"2020-01-01"}}',
    '{"schedule":{"interval":"PT1H","anchor_date":"2020-01-01T00:00:00+00:00","timezone":"Europe/Berlin"}}',
    '{"schedule":{"interval":0}}',
    '{"schedule":{"interval":-1}}',
    '{"schedule":{"interval":"x"}}',
    '{"schedule":{"cron":"* * * * *"},"slug":null,"replaces":"a"}',
    '{"schedule":{"rrule":"DTSTART:20200101T000000\\nFREQ=DAILY"}}',
    '{"schedule":{}}',
    '{"schedule":{"cron":"* * * * *"},"max_scheduled_runs":0}',
    '{"schedule":{"cron":"* * * * *"},"max_scheduled_runs":51}',
    "{}",
  ],
  DeploymentCreate: [
    deployment(""),
    deployment(',"worker_pool_name":"x","schedule":1'),
    deployment(`,"concurrency_limit":1,"global_concurrency_limit_id":"${ID}"`),
    deployment(',"parameters":null'),
    deployment(',"parameter_openapi_schema":[]'),
    deployment(',"concurrency_options":{"collision_strategy":"X"}'),
    deployment(',"version_info":{"type":"git","version":"1","branch":"main"}'),
  ],
  DeploymentUpdate: ['{"work_pool_queue_name":"x"}', '{"name":"x"}', '{"paused":null}', '{"schedules":[{"slug":"a"}]}'],
  VersionInfo: ['{"type":"a","version":"1","x":{"y":1},"__proto__":2}', "{}"],
  ConcurrencyOptions: ['{"collision_strategy":"X","grace_period_seconds":1}', '{"collision_strategy":"ENQUEUE"}'],
  WorkPoolCreate: [
    '{"name":"a"}',
    '{"name":" ","type":"x"}',
    '{"name":""}',
    '{"name":"a/b"}',
    pool('{"x":1}'),
    pool("null"),
    pool('{"job_configuration":{"c":"{{ command }} {{y}}"},"variables":{"properties":{"y":{}}}}'),
    pool('{"job_configuration":{"c":"{{ y }}"},"variables":{"properties":{"y":{}}}}'),
    '{"name":"a","storage_configuration":{"x":1}}',
  ],
  WorkPoolUpdate: ['{"base_job_template":{"x":1}}', '{"concurrency_limit":-1}', '{"is_paused":true}'],
  WorkQueueCreate: ['{"name":"a","priority":0}', '{"name":"a"}', '{"name":"a","filter":{"tags":1}}'],
  ConcurrencyLimitV2Create: ['{"name":"a","limit":-1}', '{"name":"a/","limit":"1","slot_decay_per_second":-0.5}'],
  ArtifactCreate: [
    '{"key":"A B"}',
    '{"metadata_":{"a":1}}',
    `{"metadata_":{"a":"${"x".repeat(600)}"}}`,
    '{"data":[1]}',
  ],
  VariableCreate: [
    '{"name":"A B","value":1}',
    '{"name":"a","value":{"x":[1,2]}}',
    '{"name":"a"}',
    '{"name":"a","value":null}',
    `{"name":"a","value":"${"x".repeat(5000)}"}`,
  ],
  BlockTypeCreate: ['{"name":"x","slug":"A_b"}', '{"name":"x","slug":"a-b"}'],
  BlockSchemaCreate: [`{"block_type_id":"${ID}","fields":null}`, `{"block_type_id":"${ID}"}`],
  BlockDocumentCreate: [
    block(""),
    block(',"name":"A b"'),
    block(',"is_anonymous":true'),
    block(',"name":"a","data":1'),
  ],
  SavedSearchCreate: ['{"name":"a","filters":[{}]}', '{"name":"a"}'],
};

const cases = Object.entries(table).flatMap(([model, bodies]) => bodies.map((json) => ({ model, json })));

/** Made up by the server, not by the schema. */
const SERVER_MADE = new Set(["name", "anchor_date"]);

describe.skipIf(missing("reference-3.9.1"))("a request body is read as by the reference", () => {
  let answers: readonly ModelAnswer[] = [];
  beforeAll(async () => {
    answers = await askModels(cases);
  });

  test.each(cases.map((entry, index) => ({ ...entry, index })))("$model: $json", ({ model, json, index }) => {
    const result = schemas[model]?.parse(parseJson(json));
    const answer = answers[index] ?? { crash: "no answer" };

    if ("issues" in answer) {
      const issues = result?.ok ? [] : result?.errors.map(({ type, loc, msg }) => ({ type, loc, msg }));
      expect(issues).toEqual(answer.issues);
    } else if ("crash" in answer) {
      expect(result?.ok).toBe(false);
    } else {
      expect(result).toMatchObject({ ok: true });
      expect(differences(result?.ok ? result.value : {}, answer.value)).toEqual([]);
    }
  });
});

/** Paths at which our value has something else than theirs; keys we leave absent do not count. */
function differences(ours: unknown, theirs: unknown, path = ""): readonly string[] {
  if (Array.isArray(ours) && Array.isArray(theirs) && path.endsWith("pause_keys")) {
    return differences(ours.toSorted(), theirs.toSorted(), `${path}[]`);
  }
  if (typeof ours !== "object" || ours === null || typeof theirs !== "object" || theirs === null) {
    return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [`${path}: ${String(ours)} / ${String(theirs)}`];
  }
  const other = theirs as Readonly<Record<string, unknown>>;
  return Object.entries(ours).flatMap(([key, value]) =>
    SERVER_MADE.has(key) && value === "" ? [] : differences(value, other[key], `${path}.${key}`),
  );
}
