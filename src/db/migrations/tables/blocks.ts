import {
  emptyArray,
  emptyObject,
  falseByDefault,
  identity,
  json,
  optional,
  references,
  table,
  text,
  timestamp,
  uuid,
  withDefault,
} from "../table-definition.ts";

/** Blocks, variables and what the server keeps about itself. */
export const blockTables = {
  block_type: table(
    "block_type",
    {
      ...identity,
      name: text(),
      slug: text(),
      logo_url: optional(text()),
      documentation_url: optional(text()),
      description: optional(text()),
      code_example: optional(text()),
      is_protected: falseByDefault(),
    },
    { uniqueIndexes: { uq_block_type__slug: "slug" } },
  ),

  block_schema: table(
    "block_schema",
    {
      ...identity,
      fields: emptyObject(),
      checksum: text(),
      block_type_id: references(uuid(), "block_type", { onDelete: "CASCADE" }),
      capabilities: emptyArray(),
      version: withDefault(text(), "'non-versioned'"),
    },
    {
      uniqueIndexes: { uq_block_schema__checksum_version: "checksum, version" },
      // Schemas of a type; deletion of the type.
      indexes: { ix_block_schema__block_type_id: "block_type_id" },
    },
  ),

  block_schema_reference: table(
    "block_schema_reference",
    {
      ...identity,
      name: text(),
      parent_block_schema_id: references(uuid(), "block_schema", { onDelete: "CASCADE" }),
      reference_block_schema_id: references(uuid(), "block_schema", {
        onDelete: "CASCADE",
        name: { postgres: "fk_block_schema_reference__reference_block_schema_id__b_6e5d" },
      }),
    },
    // Nested schemas of a schema, read with every block document.
    { indexes: { prefect_ts_ix_block_schema_reference__parent: "parent_block_schema_id" } },
  ),

  block_document: table(
    "block_document",
    {
      ...identity,
      name: text(),
      data: emptyObject(),
      is_anonymous: falseByDefault(),
      block_schema_id: references(uuid(), "block_schema", {
        onDelete: "CASCADE",
        name: {
          sqlite: "fk_block__block_schema_id__block_schema",
          postgres: "fk_block__block_schema_id__block_schema",
        },
      }),
      block_type_id: references(uuid(), "block_type", { onDelete: "CASCADE" }),
      block_type_name: optional(text()),
    },
    { uniqueIndexes: { uq_block__type_id_name: "block_type_id, name" } },
  ),

  block_document_reference: table(
    "block_document_reference",
    {
      ...identity,
      name: text(),
      parent_block_document_id: references(uuid(), "block_document", {
        onDelete: "CASCADE",
        name: { postgres: "fk_block_document_reference__parent_block_document_id___328f" },
      }),
      reference_block_document_id: references(uuid(), "block_document", {
        onDelete: "CASCADE",
        name: { postgres: "fk_block_document_reference__reference_block_document_i_5759" },
      }),
    },
    {
      checks: [
        {
          name: {
            sqlite: "ck_block_document_reference__ck_block_document_reference__no_self_reference",
            postgres: "ck_block_document_reference__ck_block_document_referenc_824f",
          },
          sql: "parent_block_document_id <> reference_block_document_id",
        },
      ],
      indexes: {
        // Nested documents of a document, read with it; deletion of either.
        prefect_ts_ix_block_document_reference__parent: "parent_block_document_id",
        prefect_ts_ix_block_document_reference__reference: "reference_block_document_id",
      },
    },
  ),

  variable: table(
    "variable",
    { ...identity, name: text(), tags: emptyArray(), value: optional(json()) },
    { unique: { uq_variable__name: ["name"] } },
  ),

  configuration: table(
    "configuration",
    { ...identity, key: text(), value: json() },
    { unique: { uq_configuration__key: ["key"] } },
  ),

  saved_search: table(
    "saved_search",
    { ...identity, name: text(), filters: emptyArray() },
    { unique: { uq_saved_search__name: ["name"] } },
  ),

  csrf_token: table(
    "csrf_token",
    { ...identity, token: text(), client: text(), expiration: timestamp() },
    { unique: { uq_csrf_token__client: ["client"] } },
  ),
};
