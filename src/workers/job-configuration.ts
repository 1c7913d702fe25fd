import { isObject } from "../domain/parameters/json-types.ts";
import { applyValues } from "../domain/placeholders/apply-values.ts";
import { pythonText } from "../domain/placeholders/python-text.ts";
import { type ReferenceSource, resolveBlocks, resolveVariables } from "../domain/placeholders/resolve-references.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** What decides how the infrastructure of one run is made. */
export interface JobTemplate {
  /** Of the work pool: a configuration with placeholders, and the variables they stand for. */
  readonly template: JsonObject;
  /** Of the deployment and of the run; the run's win. */
  readonly deploymentVariables: JsonObject;
  readonly runVariables: JsonObject;
}

/** What every type of pool knows; each type has more of its own. */
export interface JobConfiguration {
  readonly command: string | undefined;
  /** Null means: not even what the worker would set by itself. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly name: string | undefined;
  /** The whole configuration, those four included, as the template gives it. */
  readonly fields: JsonObject;
}

/** Fills a pool's template in for one run. Throws BLOCK_…, when it refers to a block that is not there. */
export async function resolveJobConfiguration(job: JobTemplate, source: ReferenceSource): Promise<JobConfiguration> {
  const filled = fillTemplate(job);
  const fields = (await resolveVariables(await resolveBlocks(filled, source), source)) as JsonObject;
  const text = (value: unknown) => (value === undefined || value === null || value === "" ? undefined : String(value));
  return {
    command: text(fields.command),
    name: text(fields.name),
    env: mapValues(objectOr(fields.env), (value) => (value === null ? null : pythonText(value))),
    labels: mapValues(objectOr(fields.labels), pythonText),
    fields,
  };
}

/** The configuration with the variables' values in place of their names; what has no value is left out. */
function fillTemplate({ template, deploymentVariables, runVariables }: JobTemplate): JsonObject {
  const configuration = objectOr(template.job_configuration);
  const defaults = defaultsOf(objectOr(objectOr(template.variables).properties));
  const given = nestDottedKeys(mergeVariables(deploymentVariables, runVariables));
  const values = { ...defaults, ...given };
  const layers = [configuration.env, defaults.env].filter(isObject);
  const ownEnv = layers.length === 0 ? undefined : Object.assign({}, ...layers);
  // The variables of all levels together make the environment; everything else the last level decides alone.
  const env = ownEnv === undefined ? configuration.env : { ...ownEnv, ...objectOr(values.env) };
  return applyValues({ ...configuration, ...(env === undefined ? {} : { env }) }, { values }) as JsonObject;
}

function defaultsOf(variables: JsonObject): JsonObject {
  const entries = Object.entries(variables).map(([name, schema]) => [name, objectOr(schema).default] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

function mergeVariables(deployment: JsonObject, run: JsonObject): JsonObject {
  const isMerged = isObject(deployment.env) && isObject(run.env);
  return { ...deployment, ...run, ...(isMerged ? { env: { ...objectOr(deployment.env), ...objectOr(run.env) } } : {}) };
}

/** `{"env.A": 1}` means `{"env": {"A": 1}}`; what is written as an object wins. */
function nestDottedKeys(values: JsonObject): JsonObject {
  const dotted = Object.entries(values).filter(([key]) => key.includes("."));
  const plain = Object.entries(values).filter(([key]) => !key.includes("."));
  const nested = dotted.reduce<JsonObject>((all, [key, value]) => setAt(all, key.split("."), value), {});
  return { ...nested, ...Object.fromEntries(plain.map(([key, value]) => [key, mergeDeep(nested[key], value)])) };
}

function setAt(root: JsonObject, [key = "", ...rest]: readonly string[], value: unknown): JsonObject {
  return { ...root, [key]: rest.length === 0 ? value : setAt(objectOr(root[key]), rest, value) };
}

function mergeDeep(below: unknown, above: unknown): unknown {
  if (!isObject(below) || !isObject(above)) return above;
  const entries = Object.entries(above).map(([key, value]) => [key, mergeDeep(below[key], value)] as const);
  return { ...below, ...Object.fromEntries(entries) };
}

function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function mapValues<From, To>(object: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
