import * as s from "../kit/schema/schema.ts";

const PLACEHOLDER = /\{\{\s*([\w.\-[\]$]+)\s*\}\}/g;

/** A work pool's job template: `{}`, or a configuration all of whose `{{ variables }}` are declared. */
export const BaseJobTemplate = s.refine(s.record(s.json()), checkTemplate);
export type BaseJobTemplate = s.Infer<typeof BaseJobTemplate>;

function checkTemplate(template: Readonly<Record<string, unknown>>): string | undefined {
  if (Object.keys(template).length === 0) return undefined;
  const { job_configuration: configuration, variables } = template;
  if (!hasEntries(configuration) || !hasEntries(variables)) {
    return "The `base_job_template` must contain both a `job_configuration` key and a `variables` key.";
  }
  const declared = s.isRecord(variables.properties) ? variables.properties : {};
  const undeclared = [...placeholders(configuration)].filter((name) => !Object.hasOwn(declared, name));
  if (undeclared.length === 0) return undefined;
  return (
    "The variables specified in the job configuration template must be present as properties in the variables " +
    `schema. Your job configuration uses the following undeclared variable(s): ${undeclared.join(" ,")}.`
  );
}

function hasEntries(value: unknown): value is Record<string, unknown> {
  return s.isRecord(value) && Object.keys(value).length > 0;
}

function placeholders(configuration: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const found = JSON.stringify(Object.values(configuration)).matchAll(PLACEHOLDER);
  return new Set(Array.from(found, (match) => match[1] ?? ""));
}
