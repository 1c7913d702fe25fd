import { isObject } from "../parameters/json-types.ts";
import { BlockKeyUnknown, BlockPlaceholderInvalid, BlockValueNotInline } from "./errors.ts";
import { findPlaceholders, type Placeholder, replacePlaceholders, wholePlaceholder } from "./placeholder.ts";
import { pythonText } from "./python-text.ts";
import { valueAt } from "./value-at.ts";

/** Where block documents and variables are read; every one is asked for once. */
export interface ReferenceSource {
  /** The data of the block document of this type and name. Throws when there is none. */
  readBlock(typeSlug: string, name: string): Promise<object>;
  /** The data of the block document with this id. Throws when there is none. */
  readBlockById(id: string): Promise<object>;
  /** The variable's value, or undefined when there is no such variable. */
  findVariable(name: string): Promise<unknown>;
}

/**
 * A JSON value with what refers to block documents replaced by their data, at any depth: `{{ prefect.blocks.<type>.<name>… }}`
 * and `{"$ref": {"block_document_id": …}}`. A block with only a `value` stands for that value.
 */
export async function resolveBlocks(template: unknown, source: ReferenceSource): Promise<unknown> {
  const read = remembered((key: string) => {
    const [typeSlug = "", name = ""] = key.split(".");
    return source.readBlock(typeSlug, name);
  });
  return visit(template, {
    kind: "block",
    value: async (placeholder, text) => blockValue(placeholder, await read(blockKey(placeholder)), text),
    object: async (object) => {
      const id = (object.$ref as { block_document_id?: unknown } | undefined)?.block_document_id;
      return typeof id === "string" ? await source.readBlockById(id) : undefined;
    },
    check: (value, placeholder) => {
      if (Array.isArray(value) || isObject(value)) throw BlockValueNotInline(placeholder.text);
    },
  });
}

/** A JSON value with `{{ prefect.variables.<name> }}` replaced at any depth; a variable that is not there is empty text. */
export function resolveVariables(template: unknown, source: ReferenceSource): Promise<unknown> {
  const find = remembered(source.findVariable);
  return visit(template, { kind: "variable", value: async ({ name }) => (await find(name)) ?? "" });
}

interface Visitor {
  readonly kind: Placeholder["kind"];
  value(placeholder: Placeholder, text: string): Promise<unknown>;
  object?(object: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Refuses values that cannot stand among other text. */
  check?(value: unknown, placeholder: Placeholder): void;
}

async function visit(template: unknown, visitor: Visitor): Promise<unknown> {
  if (typeof template === "string") return await visitText(template, visitor);
  if (Array.isArray(template)) return await Promise.all(template.map((item) => visit(item, visitor)));
  if (!isObject(template)) return template;
  const replaced = await visitor.object?.(template);
  if (replaced !== undefined) return replaced;
  const entries = Object.entries(template).map(async ([key, value]) => [key, await visit(value, visitor)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function visitText(text: string, visitor: Visitor): Promise<unknown> {
  const whole = wholePlaceholder(text);
  if (whole?.kind === visitor.kind) return await visitor.value(whole, text);
  const values = new Map<string, string>();
  for (const placeholder of findPlaceholders(text)) {
    if (placeholder.kind !== visitor.kind || values.has(placeholder.text)) continue;
    const value = await visitor.value(placeholder, text);
    visitor.check?.(value, placeholder);
    values.set(placeholder.text, pythonText(value));
  }
  return replacePlaceholders(text, (placeholder) => values.get(placeholder.text));
}

function blockKey({ name, text }: Placeholder): string {
  const [typeSlug, blockName] = name.split(".");
  if (!typeSlug || !blockName) throw BlockPlaceholderInvalid(text);
  return `${typeSlug}.${blockName}`;
}

function blockValue({ name }: Placeholder, data: object, text: string): unknown {
  const path = name.split(".").slice(2).join(".");
  const isSystem = Object.keys(data).length === 1 && "value" in data;
  const root = isSystem && !/^value([.[]|$)/.test(path) ? data.value : data;
  if (path === "") return root;
  const value = valueAt(root, path);
  if (value === undefined) throw BlockKeyUnknown(text, path);
  return value;
}

function remembered<Value>(read: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (key) => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}
