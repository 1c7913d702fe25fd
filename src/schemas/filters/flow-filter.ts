import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const FlowFilterDeployment = s.object(
  "FlowFilterDeployment",
  {
    operator: s.defaulted(Operator, "and_"),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type FlowFilterDeployment = s.Infer<typeof FlowFilterDeployment>;

export const FlowFilterId = s.object(
  "FlowFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
    not_any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type FlowFilterId = s.Infer<typeof FlowFilterId>;

export const FlowFilterName = s.object(
  "FlowFilterName",
  {
    any_: orAbsent(s.array(s.string())),
    like_: orAbsent(s.string()),
  },
  { extra: "forbid" },
);
export type FlowFilterName = s.Infer<typeof FlowFilterName>;

export const FlowFilterTags = s.object(
  "FlowFilterTags",
  {
    operator: s.defaulted(Operator, "and_"),
    all_: orAbsent(s.array(s.string())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type FlowFilterTags = s.Infer<typeof FlowFilterTags>;

export const FlowFilter = s.object(
  "FlowFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(FlowFilterId),
    deployment: orAbsent(FlowFilterDeployment),
    name: orAbsent(FlowFilterName),
    tags: orAbsent(FlowFilterTags),
  },
  { extra: "forbid" },
);
export type FlowFilter = s.Infer<typeof FlowFilter>;
