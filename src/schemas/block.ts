import * as s from "../kit/schema/schema.ts";
import { dashedName, isNothing, NAME_PATTERN, orNull, storedFields } from "./common.ts";

export const BlockType = s.object("BlockType", {
  ...storedFields,
  name: s.string({ pattern: NAME_PATTERN }),
  slug: s.string(),
  logo_url: orNull(s.string()),
  documentation_url: orNull(s.string()),
  description: orNull(s.string()),
  code_example: orNull(s.string()),
  is_protected: s.defaulted(s.boolean(), false),
});
export type BlockType = s.Infer<typeof BlockType>;

export const BlockTypeCreate = s.object(
  "BlockTypeCreate",
  {
    name: s.string({ pattern: NAME_PATTERN }),
    slug: dashedName("Block type slug"),
    logo_url: orNull(s.string()),
    documentation_url: orNull(s.string()),
    description: orNull(s.string()),
    code_example: orNull(s.string()),
  },
  { extra: "forbid" },
);
export type BlockTypeCreate = s.Infer<typeof BlockTypeCreate>;

export const BlockTypeUpdate = s.object(
  "BlockTypeUpdate",
  {
    logo_url: s.optional(s.nullable(s.string())),
    documentation_url: s.optional(s.nullable(s.string())),
    description: s.optional(s.nullable(s.string())),
    code_example: s.optional(s.nullable(s.string())),
  },
  { extra: "forbid" },
);
export type BlockTypeUpdate = s.Infer<typeof BlockTypeUpdate>;

export const BlockSchema = s.object("BlockSchema", {
  ...storedFields,
  checksum: s.string(),
  fields: s.defaulted(s.record(s.json()), () => ({})),
  block_type_id: s.nullable(s.uuid()),
  block_type: orNull(BlockType),
  capabilities: s.defaulted(s.array(s.string()), () => []),
  version: s.defaulted(s.string(), "non-versioned"),
});
export type BlockSchema = s.Infer<typeof BlockSchema>;

export const BlockSchemaCreate = s.object(
  "BlockSchemaCreate",
  {
    fields: s.defaulted(s.record(s.json()), () => ({})),
    block_type_id: s.uuid(),
    capabilities: s.defaulted(s.array(s.string()), () => []),
    version: s.defaulted(s.string(), "non-versioned"),
  },
  { extra: "forbid" },
);
export type BlockSchemaCreate = s.Infer<typeof BlockSchemaCreate>;

export const BlockDocument = s.object("BlockDocument", {
  ...storedFields,
  name: orNull(s.string({ pattern: NAME_PATTERN })),
  data: s.defaulted(s.record(s.json()), () => ({})),
  block_schema_id: s.uuid(),
  block_schema: orNull(BlockSchema),
  block_type_id: s.uuid(),
  block_type_name: orNull(s.string()),
  block_type: orNull(BlockType),
  block_document_references: s.defaulted(s.record(s.record(s.json())), () => ({})),
  is_anonymous: s.defaulted(s.boolean(), false),
});
export type BlockDocument = s.Infer<typeof BlockDocument>;

export const BlockDocumentCreate = s.guard(
  s.object(
    "BlockDocumentCreate",
    {
      name: orNull(dashedName("Block document name", s.string({ pattern: NAME_PATTERN }))),
      data: s.defaulted(s.record(s.json()), () => ({})),
      block_schema_id: s.uuid(),
      block_type_id: s.uuid(),
      is_anonymous: s.defaulted(s.boolean(), false),
    },
    { extra: "forbid" },
  ),
  (input) =>
    s.isRecord(input) && isNothing(input.is_anonymous) && isNothing(input.name)
      ? "Names must be provided for block documents."
      : undefined,
);
export type BlockDocumentCreate = s.Infer<typeof BlockDocumentCreate>;

export const BlockDocumentUpdate = s.object(
  "BlockDocumentUpdate",
  {
    block_schema_id: s.optional(s.nullable(s.uuid())),
    data: s.optional(s.record(s.json())),
    merge_existing_data: s.optional(s.boolean(), true),
  },
  { extra: "forbid" },
);
export type BlockDocumentUpdate = s.Infer<typeof BlockDocumentUpdate>;
