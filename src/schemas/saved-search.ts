import * as s from "../kit/schema/schema.ts";
import { storedFields } from "./common.ts";

export const SavedSearchFilter = s.object("SavedSearchFilter", {
  object: s.string(),
  property: s.string(),
  type: s.string(),
  operation: s.string(),
  value: s.json(),
});
export type SavedSearchFilter = s.Infer<typeof SavedSearchFilter>;

export const SavedSearch = s.object("SavedSearch", {
  ...storedFields,
  name: s.string(),
  filters: s.defaulted(s.array(SavedSearchFilter), () => []),
});
export type SavedSearch = s.Infer<typeof SavedSearch>;

export const SavedSearchCreate = s.object(
  "SavedSearchCreate",
  {
    name: s.string(),
    filters: s.defaulted(s.array(SavedSearchFilter), () => []),
  },
  { extra: "forbid" },
);
export type SavedSearchCreate = s.Infer<typeof SavedSearchCreate>;
