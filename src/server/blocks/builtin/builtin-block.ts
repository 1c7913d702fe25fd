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

/** The schema of a built-in block. */
export interface BuiltinSchema {
  readonly block: BuiltinBlock;
  readonly fields: Json;
  readonly checksum: string;
}

/** Each block's schema by slug, after those of the blocks nested in it. */
export function builtinSchemas(blocks: readonly BuiltinBlock[]): ReadonlyMap<string, BuiltinSchema> {
  const known = new Map(blocks.map((block) => [block.slug, block]));
  const schemas = new Map<string, BuiltinSchema>();
  const add = (slug: string): BuiltinSchema => {
    const made = schemas.get(slug);
    if (made) return made;
    const block = known.get(slug);
    if (!block) throw new Error(`There is no built-in block type "${slug}".`);
    const fields = fieldsOf(block, add);
    const schema = { block, fields, checksum: blockChecksum(fields) };
    schemas.set(slug, schema);
    return schema;
  };
  for (const { slug } of blocks) add(slug);
  return schemas;
}

function fieldsOf(block: BuiltinBlock, schemaOf: (slug: string) => BuiltinSchema): Json {
  const reference = (slug: string) => ({
    block_type_slug: slug,
    block_schema_checksum: schemaOf(slug).checksum,
  });
  const nested = Object.entries(block.nested ?? {});
  const references = nested.map(([name, to]) => [name, typeof to === "string" ? reference(to) : to.map(reference)]);
  const inside = nested.flatMap(([, to]) => to).map((slug) => schemaOf(slug).fields);
  const definitions = nestedDefinitions(block, inside);
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
