import { flag, id, tags, word } from "./criteria.ts";
import { column, defineFilter } from "./filter.ts";

/** BlockTypeFilter as a condition on `block_type`. */
export const matchBlockType = defineFilter({
  name: word(column("block_type.name")),
  slug: word(column("block_type.slug")),
});

/** BlockSchemaFilter as a condition on `block_schema`. */
export const matchBlockSchema = defineFilter({
  block_type_id: id(column("block_schema.block_type_id")),
  block_capabilities: tags(column("block_schema.capabilities")),
  id: id(column("block_schema.id")),
  version: word(column("block_schema.version")),
});

/** BlockDocumentFilter as a condition on `block_document`. */
export const matchBlockDocument = defineFilter({
  id: id(column("block_document.id")),
  is_anonymous: flag(column("block_document.is_anonymous")),
  block_type_id: id(column("block_document.block_type_id")),
  name: word(column("block_document.name")),
});
