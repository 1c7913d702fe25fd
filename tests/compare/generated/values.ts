import fc from "fast-check";
import { isRecord, type JsonSchemaNode } from "../../../src/kit/schema/schema.ts";
import type { BodySchema } from "../../support/hostile/schema-paths.ts";

/** Where a value is: the component that holds it, and its field. */
interface Place {
  readonly owner: string;
  readonly field: string;
}

/** Lists whose repetitions the reference counts. */
const UNIQUE: ReadonlySet<string> = new Set(["names", "slot_override"]);
const MAX_DEPTH = 6;
/** Triggers hold triggers, which refusals name by the way pydantic came to them. */
const MAX_DEPTHS: Readonly<Record<string, number>> = { triggers: 3 };
/** Sets of Python, whose order is another each time. */
const SETS: ReadonlySet<string> = new Set(["expect", "after", "for_each"]);
const INDEX = fc.nat({ max: 3 });
/** A document that is not there: of several runs made at once the reference then makes none. */
const LEFT_OUT = /_document_id$/;
const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const NAMES = ["alpha", "beta", "gamma"];

/** The things whose ids a field holds, by the words of its name or of the filter it is in. */
const KINDS: readonly (readonly [words: RegExp, kind: string])[] = [
  [/block_?type/i, "block_types"],
  [/block_?schema/i, "block_schemas"],
  [/block_?document/i, "block_documents"],
  [/automation/i, "automations"],
  [/task_?run/i, "task_runs"],
  [/flow_?run/i, "flow_runs"],
  [/flow/i, "flows"],
  [/deployment/i, "deployments"],
  [/work_?queue/i, "work_queues"],
  [/work_?pool/i, "work_pools"],
  [/schedule/i, "schedules"],
  [/artifact/i, "artifacts"],
  [/variable/i, "variables"],
  [/concurrency/i, "global_limits"],
];

/** Likely texts by field, so that requests meet each other. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  name: NAMES,
  tag: NAMES,
  key: NAMES,
  names: NAMES,
  tags: ["x", "y", "z w"],
  work_pool_name: NAMES,
  work_queue_name: ["default", ...NAMES],
  like_: ["a", "%", "_", "ALPH", "et"],
  startswith_: ["a", "b", "default"],
  cron: ["0 0 * * *", "*/5 * * * *", "@daily", "61 * * * *", "0 0 31 2 *"],
  rrule: ["FREQ=DAILY;COUNT=3", "DTSTART:20300101T000000Z\nRRULE:FREQ=HOURLY;COUNT=2", "FREQ=NEVER"],
  timezone: ["UTC", "Europe/Paris", "America/New_York", "Nowhere/Land"],
  history_interval: ["PT1H"],
  idempotency_key: ["once", "twice"],
  dynamic_key: ["0", "1"],
  task_key: ["a-task", "b-task"],
  cache_key: ["kept"],
  version: ["1", "2"],
  flow_version: ["1", "2"],
  type: ["process", "table", "markdown"],
  slug: ["morning", "evening"],
};
const STATE_NAMES = ["Scheduled", "Pending", "Running", "Late", "Completed", "AwaitingRetry", "Mine"];

const OBJECTS: Readonly<Record<string, readonly unknown[]>> = {
  parameters: [{}, { n: 1 }, { n: "text" }, { n: null, extra: [1, { b: 2.5 }] }],
  parameter_openapi_schema: [
    {},
    { type: "object", properties: { n: { type: "integer", title: "N" } }, required: ["n"] },
    { type: "object", properties: { n: { type: "integer", default: 3 } } },
  ],
  base_job_template: [
    {},
    { job_configuration: { env: "{{ env }}" }, variables: { type: "object", properties: { env: { type: "object" } } } },
    { job_configuration: { env: "{{ env }}" }, variables: {} },
  ],
  fields: [
    { title: "Kind", type: "object", properties: { token: { type: "string" } }, secret_fields: ["token"] },
    { title: "Other", type: "object", properties: { n: { type: "integer" } }, block_schema_references: {} },
  ],
  data: [{}, { token: "secret", n: 1 }, { n: [1, { a: null }] }],
  job_variables: [{}, { env: { A: "1" } }, { env: "not an object" }],
  labels: [{}, { team: "x" }, { n: 1, f: 1.5, b: true }],
};
const ANYTHING: readonly unknown[] = [{}, { a: 1 }, { "x y": [1, { b: null }], f: 1.5 }, { a: {}, b: [] }];

const TIMES = [
  "{{now-3600}}",
  "{{now-60}}",
  "{{now+3600}}",
  "2030-01-01T00:00:00Z",
  "2020-02-29T12:00:00.123456+02:00",
];

/** Values that fit the schema, with ids, names and times that other requests of a sequence use, too. */
export function fittingValue(schema: BodySchema): fc.Arbitrary<unknown> {
  const fitting = (node: JsonSchemaNode, place: Place, depth: number): fc.Arbitrary<unknown> => {
    const plain = schema.resolve(node);
    if (plain.const !== undefined) return fc.constant(plain.const);
    if (Array.isArray(plain.enum)) return fc.constantFrom(...(plain.enum as unknown[]));
    const members = (plain.anyOf ?? plain.oneOf) as readonly JsonSchemaNode[] | undefined;
    if (members) return fc.oneof(...members.map((member) => memberOf(fitting(member, place, depth), member)));
    if (plain.type === "array") return listOf(plain, place, depth);
    if (isRecord(plain.properties)) return objectOf(plain, depth);
    return scalar(plain, place);
  };
  const listOf = (node: JsonSchemaNode, place: Place, depth: number) => {
    if (depth >= (MAX_DEPTHS[place.field] ?? MAX_DEPTH)) return fc.constant([]);
    const item = isRecord(node.items) ? fitting(node.items, place, depth) : fc.constantFrom(...ANYTHING);
    if (SETS.has(place.field)) return fc.array(item, { maxLength: 1 });
    return UNIQUE.has(place.field) ? fc.uniqueArray(item, { maxLength: 3 }) : fc.array(item, { maxLength: 3 });
  };
  const objectOf = (node: JsonSchemaNode, depth: number): fc.Arbitrary<unknown> => {
    const owner = String(node.title ?? "");
    const required = (node.required ?? []) as readonly string[];
    const fields = Object.entries(node.properties as Readonly<Record<string, JsonSchemaNode>>).filter(
      ([field]) => required.includes(field) || (depth < MAX_DEPTH && !LEFT_OUT.test(field)),
    );
    return fc
      .record(
        Object.fromEntries(
          fields.map(([field, child]) => {
            const value = fitting(child, { owner, field }, depth + 1);
            return [field, required.includes(field) ? value : sometimes(value, fields.length)];
          }),
        ),
      )
      .map(withoutAbsent);
  };
  return fitting(schema.root, { owner: "", field: "" }, 0);
}

const ABSENT = Symbol("absent");

/** Of many fields few are given, so that filters still let something through. */
function sometimes(value: fc.Arbitrary<unknown>, fieldCount: number): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: fc.constant(ABSENT), weight: Math.max(2, fieldCount) }, { arbitrary: value, weight: 2 });
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ABSENT));
}

function memberOf(arbitrary: fc.Arbitrary<unknown>, { type }: JsonSchemaNode) {
  return { arbitrary, weight: type === "null" ? 1 : 5 };
}

function scalar(node: JsonSchemaNode, place: Place): fc.Arbitrary<unknown> {
  switch (node.type) {
    case "string":
      return text(node, place);
    case "integer":
      return fc.constantFrom(...integers(place.field));
    case "number":
      return fc.constantFrom(0, 1, 0.5, 30);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.constantFrom(...(OBJECTS[place.field] ?? ANYTHING));
  }
}

function integers(field: string): readonly number[] {
  if (field === "limit") return [0, 200, 200, 201, -1];
  if (field === "offset") return [0, 0, 100, -1];
  if (field === "page") return [1, 1, 2, 0];
  if (field === "level") return [10, 20, 40];
  return [0, 1, 2, 10];
}

function text(node: JsonSchemaNode, { owner, field }: Place): fc.Arbitrary<unknown> {
  if (node.format === "uuid") return reference(KINDS.find(([words]) => words.test(field) || words.test(owner))?.[1]);
  if (node.format === "date-time") return fc.constantFrom(...TIMES);
  if (node.format === "duration" || node.format === "time-delta") return fc.constantFrom(60, 3600);
  const isFilter = ["any_", "not_any_", "all_", "name", "is_null_"].includes(field) && owner.includes("Filter");
  if (/State/.test(owner) && (isFilter || field === "name")) return fc.constantFrom(...STATE_NAMES);
  if (isFilter) return fc.constantFrom(...(TEXTS[filteredField(owner)] ?? NAMES));
  return fc.constantFrom(...(TEXTS[field] ?? ["some text", "", "é 漢字"]));
}

/** `FlowRunFilterTags` → `tags`. */
function filteredField(owner: string): string {
  const field = owner.split("Filter")[1] ?? "";
  return field.replaceAll(/(?<!^)([A-Z])/g, "_$1").toLowerCase();
}

/** An id of something of that kind, now and then of nothing. */
export function reference(kind: string | undefined): fc.Arbitrary<string> {
  if (kind === undefined) return fc.constant(UNKNOWN);
  return fc.oneof(
    { arbitrary: INDEX.map((index) => `{{${kind}.${index}}}`), weight: 12 },
    { arbitrary: fc.constantFrom(UNKNOWN, "not-an-id"), weight: 1 },
  );
}

export function blockType(): fc.Arbitrary<unknown> {
  return likelyName().map((name) => ({ name, slug: name }));
}

export function labels(): fc.Arbitrary<unknown> {
  return fc.constantFrom(...(OBJECTS.labels ?? []));
}

/** One of the names that requests of a sequence give to things. */
export function likelyName(): fc.Arbitrary<string> {
  return fc.constantFrom(...NAMES);
}
