import { beforeAll, describe, expect, test } from "vitest";
import * as s from "../../src/kit/schema/schema.ts";
import { parts } from "../../src/server/body-parts.ts";
import { openApiDocument } from "../../src/server/openapi.ts";
import { type Route, route } from "../../src/server/route.ts";
import { routes } from "../../src/server/routes.ts";
import { comparable } from "../schemas/comparable.ts";
import { referenceOpenApi } from "../support/python.ts";
import { missing } from "../support/require.ts";

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const handle = async () => null;
const Pet = s.object("Pet", { name: s.string() });
const base = { tag: "Pets", summary: "Do.", handle } as const;

const petRoutes: readonly Route[] = [
  route({ ...base, method: "GET", path: "/pets/{id:uuid}/{name}", operationId: "read", response: Pet }),
  route({
    ...base,
    method: "POST",
    path: "/pets/filter",
    operationId: "filter",
    body: parts("Body_filter", { pets: s.defaulted(s.nullable(Pet), null), limit: s.optional(s.integer()) }),
    query: s.object("PetQuery", { token: s.string(), deep: s.defaulted(s.boolean(), false) }),
    response: s.array(Pet),
  }),
  route({ ...base, method: "PUT", path: "/pets/", operationId: "put", body: Pet, status: 204 }),
  route({ ...base, method: "GET", path: "/health", operationId: "health", response: s.boolean() }),
  route({ ...base, method: "GET", path: "/secret", operationId: "secret", hidden: true }),
];

describe("a document", () => {
  const document = openApiDocument(petRoutes, "9.9.9") as unknown as Document;
  const operation = (path: string, method: string) => document.paths[path]?.[method] as Record<string, unknown>;

  test("lists the routes by path and method, without the hidden ones", () => {
    expect(Object.keys(document.paths)).toEqual(["/pets/{id}/{name}", "/pets/filter", "/pets/", "/health"]);
  });

  test("describes path parameters by their kind and adds the version header", () => {
    expect(operation("/pets/{id}/{name}", "get").parameters).toEqual([
      { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } },
      { name: "name", in: "path", required: true, schema: { type: "string" } },
      { name: "x-prefect-api-version", in: "header", required: false, schema: { type: "string" } },
    ]);
  });

  test("turns a query's fields into parameters and not into a component", () => {
    const { parameters } = operation("/pets/filter", "post");

    expect(parameters).toMatchObject([
      { name: "token", in: "query", required: true },
      { name: "deep", in: "query", required: false, schema: { type: "boolean", default: false } },
      { in: "header" },
    ]);
    expect(Object.keys(document.components.schemas)).toEqual([
      "Body_filter",
      "HTTPValidationError",
      "Pet",
      "ValidationError",
    ]);
  });

  test("requires a body, unless all its parts may be left out", () => {
    expect(operation("/pets/", "put").requestBody).toHaveProperty("required", true);
    expect(operation("/pets/filter", "post").requestBody).not.toHaveProperty("required");
  });

  test("gives no content to a 204, and a 422 to whatever has input", () => {
    expect(operation("/pets/", "put").responses).toEqual({
      "204": { description: "Successful Response" },
      "422": expect.objectContaining({ description: "Validation Error" }),
    });
    expect(Object.keys(operation("/health", "get").responses as object)).toEqual(["200"]);
  });
});

/** The pattern of a time zone is made of a table of names, which is not the same on every machine. */
const OWN_PATTERNS = new Set(["RRuleSchedule.timezone"]);
/**
 * The reference's settings classes, which the answer of this operation is described by: the settings of ours are
 * described by their catalogue (docs/reference/settings.md), and the answer is compared in tests/settings/reference.
 */
const UNDESCRIBED = "/admin/settings";
const isOfSettings = (component: string) => component.endsWith("Settings");
/** Text for people, in our own words. */
const OWN_WORDS = new Set(["summary", "tags"]);

describe.skipIf(missing("reference-3.9.1"))("the API's document agrees with the reference's", () => {
  const ours = openApiDocument(routes, "3.9.1") as unknown as Document;
  let reference = ours;
  beforeAll(async () => {
    reference = (await referenceOpenApi()) as unknown as Document;
  });

  test("on what it lists", () => {
    expect(ours.openapi).toBe(reference.openapi);
    expect(ours.info).toMatchObject({ title: reference.info.title, version: reference.info.version });
    expect(listOperations(ours)).toEqual(listOperations(reference));
    expect(Object.keys(ours.components.schemas).toSorted()).toEqual(
      Object.keys(reference.components.schemas)
        .filter((name) => !isOfSettings(name))
        .toSorted(),
    );
  });

  test.each(listOperations(ours))("on %s", (operation) => {
    const [method = "", path = ""] = operation.split(" ");
    const expected = withoutWords(reference.paths[path]?.[method]);

    const documented = withoutWords(ours.paths[path]?.[method]);

    if (path !== UNDESCRIBED) expect(documented).toEqual(expected);
    else expect({ ...documented, responses: undefined }).toEqual({ ...expected, responses: undefined });
  });

  test.each(Object.keys(ours.components.schemas))("on component %s", (name) => {
    const expected = reference.components.schemas[name];

    expect(comparable(ours.components.schemas[name], OWN_PATTERNS, name)).toEqual(
      comparable(expected, OWN_PATTERNS, name),
    );
  });
});

function listOperations({ paths }: Document): readonly string[] {
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
    .toSorted();
}

function withoutWords(operation: unknown): Record<string, unknown> {
  const entries = Object.entries((operation ?? {}) as object).filter(([key]) => !OWN_WORDS.has(key));
  return comparable(Object.fromEntries(entries), OWN_PATTERNS, "") as Record<string, unknown>;
}
