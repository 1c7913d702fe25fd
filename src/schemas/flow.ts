import * as s from "../kit/schema/schema.ts";
import { labelsOrNull, NAME_PATTERN, storedFields } from "./common.ts";

export const Flow = s.object("Flow", {
  ...storedFields,
  name: s.string({ pattern: NAME_PATTERN }),
  tags: s.defaulted(s.array(s.string()), () => []),
  labels: labelsOrNull(),
});
export type Flow = s.Infer<typeof Flow>;

export const FlowCreate = s.object(
  "FlowCreate",
  {
    name: s.string({ pattern: NAME_PATTERN }),
    tags: s.defaulted(s.array(s.string()), () => []),
    labels: labelsOrNull(),
  },
  { extra: "forbid" },
);
export type FlowCreate = s.Infer<typeof FlowCreate>;

export const FlowUpdate = s.object(
  "FlowUpdate",
  {
    tags: s.optional(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type FlowUpdate = s.Infer<typeof FlowUpdate>;

export const FlowPaginationResponse = s.object("FlowPaginationResponse", {
  results: s.array(Flow),
  count: s.integer(),
  limit: s.integer(),
  pages: s.integer(),
  page: s.integer(),
});
export type FlowPaginationResponse = s.Infer<typeof FlowPaginationResponse>;

export const FlowBulkDeleteResponse = s.object("FlowBulkDeleteResponse", {
  deleted: s.defaulted(s.array(s.uuid()), () => []),
});
export type FlowBulkDeleteResponse = s.Infer<typeof FlowBulkDeleteResponse>;
