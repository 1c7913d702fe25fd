import { describeJsonError, findJsonError } from "../kit/json-error.ts";
import * as s from "../kit/schema/schema.ts";
import { findTemplateProblem } from "./templates/check-template.ts";

const KIND = "__prefect_kind";

/** What is wrong with the templates and JSON texts in the parameters of an action, each with its place; or undefined. */
export function findParameterProblem(parameters: Readonly<Record<string, unknown>>): string | undefined {
  const problems = KIND in parameters ? label("", problemOf(parameters)) : problemsIn(parameters, "");
  return problems.length === 0 ? undefined : `Invalid parameters: \n${problems.join("\n  ")}`;
}

/** Lists are not looked into: the reference looks at the places of their items instead of at the items. */
function problemsIn(object: Readonly<Record<string, unknown>>, prefix: string): readonly string[] {
  const problems: string[] = [];
  // Not by `flatMap`, which fails oddly where nesting uses up the stack.
  for (const [key, value] of Object.entries(object)) problems.push(...problemsOf(value, `${prefix}${key}`));
  return problems;
}

function problemsOf(value: unknown, place: string): readonly string[] {
  if (isTemplate(value)) return label(place, templateProblem(asTemplate(value)));
  if (!s.isRecord(value)) return [];
  const resolved = resolveNone(value);
  if (!s.isRecord(resolved)) return [];
  return KIND in resolved ? label(place, problemOf(resolved)) : problemsIn(resolved, `${place}.`);
}

function label(place: string, problem: string | undefined): readonly string[] {
  return problem === undefined ? [] : [`${place === "" ? "" : `${place}:`} ${problem}`];
}

/** What `none` stands for; what is wrong with it shows where it is looked at. */
function resolveNone(value: Readonly<Record<string, unknown>>): unknown {
  return value[KIND] === "none" && s.isRecord(value.value) ? resolveNone(value.value) : value;
}

function problemOf(object: Readonly<Record<string, unknown>>): string | undefined {
  switch (object[KIND]) {
    case "none":
      return "value" in object ? undefined : missing("value");
    case "json":
      return jsonProblem(object.value);
    case "jinja":
      if (!("template" in object)) return missing("template");
      if (s.isRecord(object.template) && KIND in object.template) return problemOf(object.template);
      return typeof object.template === "string" ? templateProblem(object.template) : undefined;
    default:
      return undefined;
  }
}

const missing = (key: string) => `Missing '${key}' key in __prefect object`;

function jsonProblem(value: unknown): string | undefined {
  if (s.isRecord(value)) return KIND in value ? problemOf(value) : undefined;
  if (typeof value !== "string") return undefined;
  const wrong = findJsonError(value);
  return wrong && `Invalid JSON: ${describeJsonError(value, wrong)}`;
}

function templateProblem(template: string): string | undefined {
  const problem = findTemplateProblem(template);
  return problem && `Invalid jinja: ${problem.message}`;
}

function isTemplate(value: unknown): value is string {
  return typeof value === "string" && (value.includes("{{") || value.includes("{%"));
}

/** A text that is one expression stands for the expression's value, whatever its type. */
function asTemplate(text: string): string {
  const expression = singleExpression(text);
  return expression === undefined ? text : `{{ ${expression} | tojson }}`;
}

function singleExpression(text: string): string | undefined {
  const stripped = text.trim();
  const isSingle = stripped.startsWith("{{") && stripped.endsWith("}}") && stripped.split("{{").length === 2;
  return isSingle ? stripped.slice(2, -2).trim() : undefined;
}
