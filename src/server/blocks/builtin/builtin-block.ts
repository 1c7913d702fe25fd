import { blockChecksum } from "../../../domain/blocks/block-checksum.ts";
import type { Json } from "../../../domain/blocks/block-definitions.ts";
import { type Property, titled } from "./shapes.ts";

/** A block type that every server has, with the schema of its newest version. */
export interface BuiltinBlock {
  readonly slug: string;
  readonly name: string;
  /** The Python package that brings the class. */
  readonly collection: string;
  /** Of that package. */
  readonly version: string;
  /** Name of the class. */
  readonly title: string;
  readonly description: string;
  /** May not be deleted. */
  readonly isProtected?: boolean;
  readonly capabilities?: readonly string[];
  /** Dotted paths of the fields that are masked. */
  readonly secretFields?: readonly string[];
  readonly required?: readonly string[];
  /** Fields that hold another block: its type's slug, or those of which it may be one. */
  readonly nested?: Readonly<Record<string, string | readonly string[]>>;
  /** What `$ref`s of the properties name, but for blocks. */
  readonly definitions?: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, Property>>;
}

/** The fields of each block's schema by slug, each after those of the blocks nested in it. */
export function builtinFields(blocks: readonly BuiltinBlock[]): ReadonlyMap<string, Json> {
  const known = new Map(blocks.map((block) => [block.slug, block]));
  const fields = new Map<string, Json>();
  const add = (slug: string): Json => {
    const block = known.get(slug);
    if (!block) throw new Error(`There is no built-in block type "${slug}".`);
    const made = fields.get(slug) ?? fieldsOf(block, add);
    fields.set(slug, made);
    return made;
  };
  for (const { slug } of blocks) add(slug);
  return fields;
}

function fieldsOf(block: BuiltinBlock, fieldsOfNested: (slug: string) => Json): Json {
  const reference = (slug: string) => ({
    block_type_slug: slug,
    block_schema_checksum: blockChecksum(fieldsOfNested(slug)),
  });
  const nested = Object.entries(block.nested ?? {});
  const references = nested.map(([name, to]) => [name, typeof to === "string" ? reference(to) : to.map(reference)]);
  const definitions = nestedDefinitions(block, nested.flatMap(([, to]) => to).map(fieldsOfNested));
  return {
    title: block.title,
    description: block.description,
    type: "object",
    properties: titled(block.properties),
    ...(block.required ? { required: block.required } : {}),
    block_type_slug: block.slug,
    secret_fields: block.secretFields ?? [],
    block_schema_references: Object.fromEntries(references),
    ...(Object.keys(definitions).length === 0 ? {} : { definitions }),
  };
}

/** A nested block is defined under its title, beside everything that it needs itself. */
function nestedDefinitions(block: BuiltinBlock, nested: readonly Json[]): Json {
  const all = nested.map(({ definitions, ...own }) => ({ ...(definitions as object), [String(own.title)]: own }));
  return Object.assign({}, block.definitions, ...all) as Json;
}
