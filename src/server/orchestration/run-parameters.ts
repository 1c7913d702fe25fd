import type { Db } from "../../db/database.ts";
import { listVariableValues } from "../../db/repositories/deployment-references.ts";
import { checkAgainstSchema } from "../../domain/parameters/check-against-schema.ts";
import { type Hydrated, hydrate, hydrateLeniently, listVariableNames } from "../../domain/parameters/hydrate.ts";
import { isObject, type JsonObject, Placeholder } from "../../domain/parameters/json-types.ts";
import { renderTemplate } from "../../domain/templates/render.ts";
import { parseJson } from "../../kit/json.ts";
import { findTemplateProblem } from "../../schemas/templates/check-template.ts";
import { CircularSchema, NoParameterSchema, ParametersRefused, UnhydratableParameters } from "../errors.ts";

/** Resolves what parameters refer to. @throws UnhydratableParameters */
export async function hydrateParameters(tx: Db, parameters: JsonObject, doing: string): Promise<JsonObject> {
  const hydrated = await hydrateValues(tx, parameters);
  if (hydrated.kind === "invalid") throw UnhydratableParameters(doing, hydrated.reason);
  return hydrated.value;
}

/** Resolves what values refer to, or says what is wrong with them. */
export async function hydrateValues(tx: Db, values: JsonObject): Promise<Hydrated> {
  return hydrate(values, { variables: await loadVariables(tx, values), renderTemplate: render });
}

/** The same for a report of all that is wrong: a placeholder stands for what cannot be resolved, and for templates. */
export async function hydrateForReport(db: Db, values: JsonObject): Promise<unknown> {
  return hydrateLeniently(values, {
    variables: await loadVariables(db, values),
    renderTemplate: () => new Placeholder(),
  });
}

async function loadVariables(db: Db, values: JsonObject): Promise<ReadonlyMap<string, unknown>> {
  const rows = await listVariableValues(db, listVariableNames(values));
  return new Map(rows.map(({ name, value }) => [name, value === null ? null : parseJson(value)]));
}

/** @throws Error whose message says what is wrong with the template */
function render(template: string): string {
  const problem = findTemplateProblem(template);
  if (problem) throw problem;
  const rendering = renderTemplate(template);
  if (rendering.kind === "failed") throw new Error(rendering.reason);
  return rendering.text;
}

/** Checks parameters against the deployment's schema. @throws NoParameterSchema, ParametersRefused, CircularSchema */
export function checkParameters(
  parameters: unknown,
  schema: unknown,
  options: { readonly doing: string; readonly ignoreRequired?: boolean },
): void {
  if (!isObject(schema)) throw NoParameterSchema();
  const problem = checkAgainstSchema(parameters, schema, { ignoreRequired: options.ignoreRequired ?? false });
  if (problem?.kind === "circular") throw CircularSchema();
  if (problem) throw ParametersRefused(options.doing, problem.message);
}
