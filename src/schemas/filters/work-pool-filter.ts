import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const WorkPoolFilterId = s.object(
  "WorkPoolFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type WorkPoolFilterId = s.Infer<typeof WorkPoolFilterId>;

export const WorkPoolFilterName = s.object(
  "WorkPoolFilterName",
  {
    any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type WorkPoolFilterName = s.Infer<typeof WorkPoolFilterName>;

export const WorkPoolFilterType = s.object(
  "WorkPoolFilterType",
  {
    any_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type WorkPoolFilterType = s.Infer<typeof WorkPoolFilterType>;

export const WorkPoolFilter = s.object(
  "WorkPoolFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(WorkPoolFilterId),
    name: orAbsent(WorkPoolFilterName),
    type: orAbsent(WorkPoolFilterType),
  },
  { extra: "forbid" },
);
export type WorkPoolFilter = s.Infer<typeof WorkPoolFilter>;
