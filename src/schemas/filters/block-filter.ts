import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const BlockDocumentFilterBlockTypeId = s.object(
  "BlockDocumentFilterBlockTypeId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type BlockDocumentFilterBlockTypeId = s.Infer<typeof BlockDocumentFilterBlockTypeId>;

export const BlockDocumentFilterId = s.object(
  "BlockDocumentFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type BlockDocumentFilterId = s.Infer<typeof BlockDocumentFilterId>;

export const BlockDocumentFilterIsAnonymous = s.object(
  "BlockDocumentFilterIsAnonymous",
  {
    eq_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type BlockDocumentFilterIsAnonymous = s.Infer<typeof BlockDocumentFilterIsAnonymous>;

export const BlockDocumentFilterName = s.object(
  "BlockDocumentFilterName",
  {
    any_: orAbsent(s.array(s.string())),
    like_: orAbsent(s.string()),
  },
  { extra: "forbid" },
);
export type BlockDocumentFilterName = s.Infer<typeof BlockDocumentFilterName>;

/** Anonymous documents are shown only to those who ask for them. */
const namedOnly: BlockDocumentFilterIsAnonymous = { eq_: false };

export const BlockDocumentFilter = s.object(
  "BlockDocumentFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(BlockDocumentFilterId),
    is_anonymous: s.defaulted(s.nullable(BlockDocumentFilterIsAnonymous), namedOnly),
    block_type_id: orAbsent(BlockDocumentFilterBlockTypeId),
    name: orAbsent(BlockDocumentFilterName),
  },
  { extra: "forbid" },
);
export type BlockDocumentFilter = s.Infer<typeof BlockDocumentFilter>;

export const BlockSchemaFilterBlockTypeId = s.object(
  "BlockSchemaFilterBlockTypeId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type BlockSchemaFilterBlockTypeId = s.Infer<typeof BlockSchemaFilterBlockTypeId>;

export const BlockSchemaFilterCapabilities = s.object(
  "BlockSchemaFilterCapabilities",
  {
    all_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type BlockSchemaFilterCapabilities = s.Infer<typeof BlockSchemaFilterCapabilities>;

export const BlockSchemaFilterId = s.object(
  "BlockSchemaFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type BlockSchemaFilterId = s.Infer<typeof BlockSchemaFilterId>;

export const BlockSchemaFilterVersion = s.object(
  "BlockSchemaFilterVersion",
  {
    any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type BlockSchemaFilterVersion = s.Infer<typeof BlockSchemaFilterVersion>;

export const BlockSchemaFilter = s.object(
  "BlockSchemaFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    block_type_id: orAbsent(BlockSchemaFilterBlockTypeId),
    block_capabilities: orAbsent(BlockSchemaFilterCapabilities),
    id: orAbsent(BlockSchemaFilterId),
    version: orAbsent(BlockSchemaFilterVersion),
  },
  { extra: "forbid" },
);
export type BlockSchemaFilter = s.Infer<typeof BlockSchemaFilter>;

export const BlockTypeFilterName = s.object(
  "BlockTypeFilterName",
  {
    like_: orAbsent(s.string()),
  },
  { extra: "forbid" },
);
export type BlockTypeFilterName = s.Infer<typeof BlockTypeFilterName>;

export const BlockTypeFilterSlug = s.object(
  "BlockTypeFilterSlug",
  {
    any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type BlockTypeFilterSlug = s.Infer<typeof BlockTypeFilterSlug>;

export const BlockTypeFilter = s.object(
  "BlockTypeFilter",
  {
    name: orAbsent(BlockTypeFilterName),
    slug: orAbsent(BlockTypeFilterSlug),
  },
  { extra: "forbid" },
);
export type BlockTypeFilter = s.Infer<typeof BlockTypeFilter>;
