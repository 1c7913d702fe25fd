import * as s from "../kit/schema/schema.ts";
import { HTTPValidationError } from "../schemas/errors.ts";
import { isParts } from "./body-parts.ts";
import type { Route } from "./route.ts";

type Node = s.JsonSchemaNode;

const JSON_TYPE = "application/json";

/** Answered before the API version is looked at, and with nothing to get wrong. */
const UNVERSIONED_PATHS: ReadonlySet<string> = new Set(["/health", "/version"]);

const VERSION_HEADER: Node = {
  name: "x-prefect-api-version",
  in: "header",
  required: false,
  schema: { type: "string" },
};

/** The OpenAPI 3.1 document of the routes, in FastAPI's shape, with the reference's names. `version` is the release's. */
export function openApiDocument(routes: readonly Route[], version: string): Node {
  const shown = routes.filter((route) => route.hidden !== true);
  const paths: Record<string, Record<string, Node>> = {};
  for (const route of shown) {
    const path = documentedPath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Prefect REST API", version },
    paths,
    components: { schemas: documentedComponents(shown) },
  };
}

/** `{id:uuid}` → `{id}`. */
function documentedPath(path: string): string {
  return path.replaceAll(/:\w+\}/g, "}");
}

function operation(route: Route): Node {
  const parameters = [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)];
  const status = String(route.status ?? 200);
  return {
    tags: [route.tag],
    summary: route.summary,
    operationId: route.operationId,
    ...(route.deprecated ? { deprecated: true } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body === undefined ? {} : { requestBody: requestBody(route, route.body) }),
    responses: {
      [status]: success(route),
      ...(parameters.length > 0 || route.body !== undefined ? { "422": invalid() } : {}),
    },
  };
}

function pathParameters(route: Route): readonly Node[] {
  const declared = (route.params?.component?.node.properties ?? {}) as Readonly<Record<string, Node>>;
  return Array.from(route.path.matchAll(/\{(\w+)(:uuid)?\}/g), ([, name = "", uuid]) => ({
    name,
    in: "path",
    required: true,
    schema: declared[name] ?? (uuid === undefined ? { type: "string" } : { type: "string", format: "uuid" }),
  }));
}

function queryParameters(route: Route): readonly Node[] {
  const node = route.query?.component?.node;
  if (node === undefined) return [];
  const required = node.required as readonly string[] | undefined;
  return Object.entries(node.properties as Readonly<Record<string, Node>>).map(([name, schema]) => ({
    name,
    in: "query",
    required: required?.includes(name) ?? false,
    schema,
  }));
}

function headerParameters(route: Route): readonly Node[] {
  const own = Object.entries(route.headers ?? {}).map(([name, { jsonSchema: schema }]) => {
    return { name, in: "header", required: false, schema };
  });
  return UNVERSIONED_PATHS.has(route.path) ? own : [...own, VERSION_HEADER];
}

/** A body of parts that may all be left out may itself be left out. */
function requestBody(route: Route, body: s.Schema<unknown>): Node {
  const isRequired = !route.hasOptionalBody && (!isParts(body) || body.component?.node.required !== undefined);
  return { content: { [JSON_TYPE]: { schema: body.jsonSchema } }, ...(isRequired ? { required: true } : {}) };
}

function success(route: Route): Node {
  const description = "Successful Response";
  if (route.status === 204 || route.hasNoContent) return { description };
  return { description, content: { [JSON_TYPE]: { schema: route.response?.jsonSchema ?? {} } } };
}

function invalid(): Node {
  return { description: "Validation Error", content: { [JSON_TYPE]: { schema: HTTPValidationError.jsonSchema } } };
}

function documentedComponents(routes: readonly Route[]): Readonly<Record<string, Node>> {
  // An object of parameters is not a component, its fields are the parameters. What its fields refer to is.
  const schemas = routes.flatMap(({ body, response, query, params }) => [
    body,
    response,
    ...(query?.children ?? []),
    ...(params?.children ?? []),
  ]);
  const found = s.collectComponents([HTTPValidationError, ...schemas.filter((schema) => schema !== undefined)]);
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
