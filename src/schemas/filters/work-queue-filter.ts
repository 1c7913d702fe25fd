import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const WorkQueueFilterId = s.object(
  "WorkQueueFilterId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type WorkQueueFilterId = s.Infer<typeof WorkQueueFilterId>;

export const WorkQueueFilterName = s.object(
  "WorkQueueFilterName",
  {
    any_: orAbsent(s.array(s.string())),
    startswith_: orAbsent(s.array(s.string())),
  },
  { extra: "forbid" },
);
export type WorkQueueFilterName = s.Infer<typeof WorkQueueFilterName>;

export const WorkQueueFilter = s.object(
  "WorkQueueFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    id: orAbsent(WorkQueueFilterId),
    name: orAbsent(WorkQueueFilterName),
  },
  { extra: "forbid" },
);
export type WorkQueueFilter = s.Infer<typeof WorkQueueFilter>;
