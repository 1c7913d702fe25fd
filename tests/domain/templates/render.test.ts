import { beforeAll, describe, expect, test } from "vitest";
import { fromJson } from "../../../src/domain/templates/from-json.ts";
import { renderTemplate } from "../../../src/domain/templates/render.ts";
import type { Dict, NamedValues } from "../../../src/domain/templates/values.ts";
import { parseJson } from "../../../src/kit/json.ts";
import { findTemplateProblem } from "../../../src/schemas/templates/check-template.ts";
import { missing } from "../../support/require.ts";
import { CONTEXT, EXHAUSTING, EXPRESSIONS, HOSTILE, STATEMENTS } from "./corpus.ts";
import { askJinja, type TemplateAnswer } from "./jinja-oracle.ts";

const ADDRESS = /0x[0-9a-f]+/g;
const MAX_MS = 3000;

const values = Object.fromEntries(
  (fromJson(parseJson(JSON.stringify(CONTEXT))) as Dict).entries().map(([name, value]) => [String(name), value]),
) as NamedValues;

const templates = [...EXPRESSIONS, ...STATEMENTS, ...HOSTILE];

describe.skipIf(missing("reference-3.9.1"))("a template is rendered as the reference renders it", () => {
  let answers: readonly TemplateAnswer[] = [];
  beforeAll(async () => {
    answers = await askJinja(templates, CONTEXT);
  });

  test.each(templates.map((template, index) => [template, index] as const))("%j", (template, index) => {
    expect(normal(answer(template))).toEqual(normal(answers[index] as TemplateAnswer));
  });
});

test.each(EXHAUSTING)("%s is stopped", (template) => {
  const startMs = performance.now();

  const { length } = JSON.stringify(answer(template));

  expect(performance.now() - startMs).toBeLessThan(MAX_MS);
  expect(length).toBeLessThan(2_000_000);
});

function answer(template: string): TemplateAnswer {
  const problem = findTemplateProblem(template);
  if (problem) return { line: problem.line, message: problem.message };
  const rendering = renderTemplate(template, values);
  return rendering.kind === "text" ? { text: rendering.text } : { failure: rendering.reason };
}

/** Addresses differ from run to run; where a generator is printed, so does its name. */
function normal(given: TemplateAnswer): unknown {
  return JSON.parse(JSON.stringify(given).replaceAll(ADDRESS, "0x0"));
}
