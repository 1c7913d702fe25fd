import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const AutomationFilterCreated = s.object(
  "AutomationFilterCreated",
  {
    before_: orAbsent(s.dateTime()),
  },
  { extra: "forbid" },
);
export type AutomationFilterCreated = s.Infer<typeof AutomationFilterCreated>;

export const AutomationFilterId = s.object(
  "AutomationFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type AutomationFilterId = s.Infer<typeof AutomationFilterId>;

export const AutomationFilterName = s.object(
  "AutomationFilterName",
  {
    any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type AutomationFilterName = s.Infer<typeof AutomationFilterName>;

export const AutomationFilterTags = s.object(
  "AutomationFilterTags",
  {
    operator: s.defaulted(Operator, "and_"),
    all_: orAbsent(s.array(s.string())),
    any_: orAbsent(s.array(s.string())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type AutomationFilterTags = s.Infer<typeof AutomationFilterTags>;

export const AutomationFilter = s.object(
  "AutomationFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(AutomationFilterId),
    name: orAbsent(AutomationFilterName),
    created: orAbsent(AutomationFilterCreated),
    tags: orAbsent(AutomationFilterTags),
  },
  { extra: "forbid" },
);
export type AutomationFilter = s.Infer<typeof AutomationFilter>;
