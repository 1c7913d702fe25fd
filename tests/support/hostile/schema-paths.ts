import { collectComponents, isRecord, type JsonSchemaNode, type Schema } from "../../../src/kit/schema/schema.ts";

/** A place in a body: where it is, what its schema says, and a name that is the same wherever the schema is used. */
export interface Place {
  readonly path: readonly (string | number)[];
  readonly node: JsonSchemaNode;
  readonly name: string;
}

/** Ids and names of things that exist, by the field that refers to them. */
export type Known = Readonly<Record<string, string>>;

const MAX_DEPTH = 6;
const NO_ID = "00000000-0000-4000-8000-000000000000";

/** The JSON Schema of a body, with its references resolved. */
export interface BodySchema {
  readonly root: JsonSchemaNode;
  readonly resolve: (node: JsonSchemaNode) => JsonSchemaNode;
}

export function bodySchema(schema: Schema<unknown>): BodySchema {
  const components = collectComponents([schema]);
  const resolve = (node: JsonSchemaNode): JsonSchemaNode => {
    const name = typeof node.$ref === "string" ? node.$ref.split("/").at(-1) : undefined;
    return name === undefined ? node : { ...components.get(name), title: name };
  };
  return { root: resolve(schema.jsonSchema), resolve };
}

const membersOf = (node: JsonSchemaNode) =>
  ((node.anyOf ?? node.oneOf ?? []) as readonly JsonSchemaNode[]).filter(({ type }) => type !== "null");

/** A small value that fits: what is required, with things that exist where ids and names are asked for. */
export function sample(schema: BodySchema, known: Known): unknown {
  const fitting = (node: JsonSchemaNode, field: string): unknown => {
    const plain = schema.resolve(node);
    if (plain.const !== undefined) return plain.const;
    if (Array.isArray(plain.enum)) return plain.enum[0];
    const [member] = membersOf(plain);
    if (member) return fitting(member, field);
    if (plain.type === "object") return objectOf(plain);
    if (plain.type === "array") return isRecord(plain.items) ? [fitting(plain.items, field)] : [];
    return sampleScalar(plain, known[field]);
  };
  const objectOf = (node: JsonSchemaNode) => {
    const fields = (node.properties ?? {}) as Readonly<Record<string, JsonSchemaNode>>;
    const required = (node.required ?? []) as readonly string[];
    return Object.fromEntries(required.map((name) => [name, fitting(fields[name] ?? {}, name)]));
  };
  return fitting(schema.root, "");
}

function sampleScalar(node: JsonSchemaNode, known: string | undefined): unknown {
  if (node.type === "string") return sampleText(node, known);
  if (node.type === "integer" || node.type === "number") return Math.max(1, Number(node.minimum ?? 1));
  return node.type === "boolean" ? false : {};
}

function sampleText(node: JsonSchemaNode, known: string | undefined): string {
  if (node.format === "uuid") return known ?? NO_ID;
  if (node.format === "date-time") return "2030-01-01T00:00:00Z";
  return known ?? "a-name";
}

/** Every field of a body, down into objects, the first item of arrays and each member of unions. */
export function places(schema: BodySchema): readonly Place[] {
  const found: Place[] = [];
  const walk = (node: JsonSchemaNode, at: Omit<Place, "node">, parents: readonly string[]) => {
    const plain = schema.resolve(node);
    const title = String(plain.title ?? "");
    if (at.path.length > 0) found.push({ ...at, node: plain });
    if (at.path.length >= MAX_DEPTH || (title !== "" && parents.includes(title))) return;
    const above = [...parents, title];
    for (const member of membersOf(plain)) walkInside(member, at, above);
    if (membersOf(plain).length === 0) walkInside(plain, at, above);
  };
  const walkInside = (node: JsonSchemaNode, at: Omit<Place, "node">, parents: readonly string[]) => {
    const plain = schema.resolve(node);
    const owner = String(plain.title ?? at.name);
    for (const [field, child] of Object.entries((plain.properties ?? {}) as Record<string, JsonSchemaNode>)) {
      walk(child, { path: [...at.path, field], name: `${owner}.${field}` }, parents);
    }
    if (isRecord(plain.items)) walk(plain.items, { path: [...at.path, 0], name: `${owner}[]` }, parents);
  };
  walk(schema.root, { path: [], name: "" }, []);
  return found;
}

/** The JSON text of `value` with `text` at `path`; what is missing on the way is made. */
export function withTextAt(value: unknown, path: readonly (string | number)[], text: string): string {
  const [key, ...rest] = path;
  if (key === undefined) return text;
  if (typeof key === "number") return `[${withTextAt(Array.isArray(value) ? value[key] : undefined, rest, text)}]`;
  const fields = isRecord(value) ? value : {};
  const others = Object.entries(fields).filter(([name]) => name !== key);
  const texts = others.map(([name, field]) => `${JSON.stringify(name)}:${JSON.stringify(field)}`);
  return `{${[...texts, `${JSON.stringify(key)}:${withTextAt(fields[key], rest, text)}`].join(",")}}`;
}
