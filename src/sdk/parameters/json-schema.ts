import type { StandardSchema } from "../../kit/schema/standard-schema.ts";
import type { Signature } from "./signature.ts";

/** The JSON schema of a deployment's parameters, in the shape the server and the UI read. */
export interface ParameterSchema {
  readonly title: "Parameters";
  readonly type: "object";
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, object>>;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** From the schema the user gave when it can say what it accepts, else from the names in the signature. */
export async function parameterSchema(
  signature: Signature,
  schema: StandardSchema | undefined,
): Promise<ParameterSchema> {
  const described = schema && (await describeInput(schema));
  return described ? fromJsonSchema(described) : fromSignature(signature);
}

/** The JSON schema of what `schema` accepts, or of any object when its library cannot say. */
export async function inputSchema(schema: StandardSchema): Promise<object> {
  return (await describeInput(schema)) ?? { type: "object", title: "Input", properties: {} };
}

function fromSignature(signature: Signature): ParameterSchema {
  const properties = signature.parameters.map(({ name, defaultValue }, position) => [
    name,
    { title: name, position, ...(defaultValue === undefined ? {} : { default: defaultValue }) },
  ]);
  const required = signature.parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return assemble(Object.fromEntries(properties), required, {});
}

function fromJsonSchema(schema: JsonObject): ParameterSchema {
  const moved = JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/definitions/')) as JsonObject;
  const properties = Object.entries(objectOf(moved.properties)).map(([name, property], position) => [
    name,
    { title: name, position, ...objectOf(property) },
  ]);
  const required = Array.isArray(moved.required) ? moved.required.map(String) : [];
  const definitions = { ...objectOf(moved.definitions), ...objectOf(moved.$defs) };
  return assemble(Object.fromEntries(properties), required, definitions);
}

function assemble(
  properties: Readonly<Record<string, object>>,
  required: readonly string[],
  definitions: JsonObject,
): ParameterSchema {
  return {
    title: "Parameters",
    type: "object",
    properties,
    ...(required.length > 0 && { required }),
    ...(Object.keys(definitions).length > 0 && { definitions: definitions as Record<string, object> }),
  };
}

/** What the schema accepts, as JSON schema; undefined when its library cannot say. */
async function describeInput(schema: StandardSchema): Promise<JsonObject | undefined> {
  const standard = schema["~standard"] as { readonly vendor: string; readonly jsonSchema?: JsonSchemaConverter };
  if (standard.jsonSchema) return attempt(() => standard.jsonSchema?.input({ target: "draft-07" }));
  if (standard.vendor === "valibot") return describeValibot(schema);
  if ("toJsonSchema" in schema && typeof schema.toJsonSchema === "function")
    return attempt(() => (schema as OwnConverter).toJsonSchema());
  return undefined;
}

interface JsonSchemaConverter {
  input(options: { readonly target: "draft-07" }): JsonObject;
}
interface OwnConverter {
  toJsonSchema(): JsonObject;
}

// valibot keeps its converter in a package of its own, which the user may or may not have.
async function describeValibot(schema: StandardSchema): Promise<JsonObject | undefined> {
  const specifier = "@valibot/to-json-schema";
  try {
    const converter: { toJsonSchema(schema: unknown, options: object): JsonObject } = await import(specifier);
    return converter.toJsonSchema(schema, { errorMode: "ignore", typeMode: "input" });
  } catch {
    return undefined;
  }
}

// A schema with parts that JSON schema cannot express still validates; only its description is missing.
function attempt(describe: () => JsonObject | undefined): JsonObject | undefined {
  try {
    return describe();
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}
