import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ReferenceSource } from "../../src/domain/placeholders/resolve-references.ts";
import { type JobTemplate, resolveJobConfiguration } from "../../src/workers/job-configuration.ts";
import { cached, runPython } from "../support/python.ts";
import { missing } from "../support/require.ts";

const flat = { command: "{{ command }}", env: "{{ env }}", labels: "{{ labels }}", name: "{{ name }}" };

function job(
  configuration: object,
  defaults: Readonly<Record<string, unknown>> = {},
  given: { readonly deployment?: object; readonly run?: object } = {},
): JobTemplate {
  const properties = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, { default: value }]));
  return {
    template: { job_configuration: configuration, variables: { type: "object", properties } },
    deploymentVariables: { ...given.deployment },
    runVariables: { ...given.run },
  };
}

const cases: Readonly<Record<string, JobTemplate>> = {
  "nothing given leaves out what has no default": job({ ...flat, image: "{{ image }}" }, { image: "a" }),
  "a default of null is none": job({ ...flat, image: "{{ image }}" }, { image: null }),
  "the deployment wins over the default, the run over both": job(
    { ...flat, a: "{{ a }}", b: "{{ b }}", c: "{{ c }}" },
    { a: 1, b: 1, c: 1 },
    { deployment: { b: 2, c: 2 }, run: { c: 3 } },
  ),
  "values keep their types when they are all there is": job(
    { ...flat, a: "{{ a }}", b: ["{{ a }}", "{{ none }}"] },
    { a: { x: [1] } },
  ),
  "values among text are written as Python does": job(
    { ...flat, a: "x-{{ a }}-{{ b }}-{{ c }}-{{ none }}" },
    { a: true, b: 1.5, c: { x: null } },
  ),
  "the environment is that of all levels": job(
    { ...flat, env: { A: "template", B: "template" } },
    { env: { B: "default", C: "default" } },
    { deployment: { env: { C: "deployment", D: "deployment" } }, run: { env: { D: "run", E: 5 } } },
  ),
  "an environment that is one placeholder takes the default and what is given": job(
    flat,
    { env: { A: "default", B: "default" } },
    { deployment: { env: { B: "deployment" } } },
  ),
  "an environment without a default": job(flat, {}, { run: { env: { A: "run" } } }),
  "an environment of the run alone beside that of the template": job(
    { ...flat, env: { A: "{{ a }}" } },
    { a: "x" },
    { run: { env: { B: null } } },
  ),
  "an empty default of the environment": job(flat, { env: {} }, { deployment: { env: { A: true } } }),
  "keys with dots mean what is inside": job(
    { ...flat, resources: "{{ resources }}" },
    {},
    { deployment: { "env.A": "dotted", "resources.limits.cpu": 1, env: { B: "plain" } } },
  ),
  "what is written as an object wins over keys with dots": job(
    { ...flat, resources: "{{ resources }}" },
    { resources: { all: true } },
    { deployment: { "resources.limits.cpu": 1, "resources.limits.memory": 2, resources: { limits: { cpu: 3 } } } },
  ),
  "labels are replaced as a whole": job(flat, { labels: { a: "1" } }, { deployment: { labels: { b: "2" } } }),
  "variables of the API": job({ ...flat, a: "{{ prefect.variables.known }}", b: "{{ prefect.variables.unknown }}" }),
  "a run whose environment is the first": job(
    flat,
    {},
    { deployment: { name: "x" }, run: { env: { A: "1" }, name: "y" } },
  ),
  "an empty command is none": job(flat, { command: "" }),
};

const source: ReferenceSource = {
  readBlock: () => Promise.reject(new Error("no blocks here")),
  readBlockById: () => Promise.reject(new Error("no blocks here")),
  findVariable: async (name) => (name === "known" ? "of the variable" : undefined),
};

describe.skipIf(missing("reference-3.9.1"))("a job configuration is what the reference makes of it", () => {
  let reference: readonly Record<string, unknown>[];
  beforeAll(async () => {
    const code = readFileSync(join(import.meta.dirname, "job-configurations.py"), "utf8");
    const input = JSON.stringify(Object.values(cases));
    const key = createHash("sha256").update(code).update(input).digest("hex").slice(0, 16);
    const answer = await cached(`job-configurations-${key}.json`, () => runPython("3.9.1", code, { args: [input] }));
    reference = JSON.parse(answer) as readonly Record<string, unknown>[];
  });

  test.each(Object.keys(cases))("%s", async (name) => {
    const theirs = reference[Object.keys(cases).indexOf(name)];

    const { fields, ...known } = await resolveJobConfiguration(cases[name] as JobTemplate, source);

    const named = { command: known.command ?? null, name: known.name ?? null, env: known.env, labels: known.labels };
    expect({ ...fields, ...named }).toEqual(theirs);
  });
});
