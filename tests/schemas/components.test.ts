import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Schema } from "../../src/kit/schema/schema.ts";
import * as s from "../../src/kit/schema/schema.ts";
import { referenceOpenApi } from "../support/python.ts";
import { missing } from "../support/require.ts";
import { comparable } from "./comparable.ts";

const folder = join(import.meta.dirname, "../../src/schemas");

/** Of the worker's socket, which no OpenAPI document tells of, and of what only Prefect Cloud has. */
const UNDOCUMENTED_FILES = ["webhook.ts", "worker-channel.ts"];
const UNDOCUMENTED = ["MetricTrigger", "MetricTriggerQuery"];

async function loadSchemas(): Promise<readonly Schema<unknown>[]> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => !UNDOCUMENTED_FILES.includes(file));
  const modules = await Promise.all(
    files.map((file) => import(join(folder, file)) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) => Object.values(module).filter(isSchema));
}

function isSchema(value: unknown): value is Schema<unknown> {
  return typeof value === "object" && value !== null && "~standard" in value;
}

/** Built of our own time zone table there, checked against ours here. */
const OWN = new Set(["RRuleSchedule.timezone"]);

describe.skipIf(missing("reference-3.9.1"))("components", async () => {
  const components = s.collectComponents(await loadSchemas());
  let reference: Readonly<Record<string, unknown>> = {};
  beforeAll(async () => {
    const document = (await referenceOpenApi()) as { components: { schemas: Record<string, unknown> } };
    reference = document.components.schemas;
  });

  const documented = [...components.keys()].filter((name) => !UNDOCUMENTED.includes(name));

  test.each(documented.toSorted())("%s is documented as in the reference", (name) => {
    expect(comparable(components.get(name), OWN, name)).toEqual(comparable(reference[name], OWN, name));
  });

  test("every component of the resources is there", () => {
    const absent = Object.keys(reference).filter((name) => !components.has(name));

    expect(absent.filter((name) => !/^Body_|Settings$/.test(name))).toEqual([]);
  });
});
