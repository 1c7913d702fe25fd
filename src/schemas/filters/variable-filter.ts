import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const VariableFilterId = s.object(
  "VariableFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type VariableFilterId = s.Infer<typeof VariableFilterId>;

export const VariableFilterName = s.object(
  "VariableFilterName",
  {
    any_: orAbsent(s.array(s.string())),
    like_: orAbsent(s.string()),
  },
  { extra: "forbid" },
);
export type VariableFilterName = s.Infer<typeof VariableFilterName>;

export const VariableFilterTags = s.object(
  "VariableFilterTags",
  {
    operator: s.defaulted(Operator, "and_"),
    all_: orAbsent(s.array(s.string())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type VariableFilterTags = s.Infer<typeof VariableFilterTags>;

export const VariableFilter = s.object(
  "VariableFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(VariableFilterId),
    name: orAbsent(VariableFilterName),
    tags: orAbsent(VariableFilterTags),
  },
  { extra: "forbid" },
);
export type VariableFilter = s.Infer<typeof VariableFilter>;
