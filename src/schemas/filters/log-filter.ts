import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { Operator } from "./operator.ts";

export const LogFilterFlowRunId = s.object(
  "LogFilterFlowRunId",
  {
    any_: orAbsent(s.array(s.uuid())),
  },
  { extra: "forbid" },
);
export type LogFilterFlowRunId = s.Infer<typeof LogFilterFlowRunId>;

export const LogFilterLevel = s.object(
  "LogFilterLevel",
  {
    ge_: orAbsent(s.integer()),
    le_: orAbsent(s.integer()),
  },
  { extra: "forbid" },
);
export type LogFilterLevel = s.Infer<typeof LogFilterLevel>;

export const LogFilterTaskRunId = s.object(
  "LogFilterTaskRunId",
  {
    any_: orAbsent(s.array(s.uuid())),
    is_null_: orAbsent(s.boolean()),
  },
  { extra: "forbid" },
);
export type LogFilterTaskRunId = s.Infer<typeof LogFilterTaskRunId>;

export const LogFilterTextSearch = s.object(
  "LogFilterTextSearch",
  {
    query: s.string({ maxLength: 200 }),
  },
  { extra: "forbid" },
);
export type LogFilterTextSearch = s.Infer<typeof LogFilterTextSearch>;

export const LogFilterTimestamp = s.object(
  "LogFilterTimestamp",
  {
    before_: orAbsent(s.dateTime()),
    after_: orAbsent(s.dateTime()),
  },
  { extra: "forbid" },
);
export type LogFilterTimestamp = s.Infer<typeof LogFilterTimestamp>;

export const LogFilter = s.object(
  "LogFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    level: orAbsent(LogFilterLevel),
    timestamp: orAbsent(LogFilterTimestamp),
    flow_run_id: orAbsent(LogFilterFlowRunId),
    task_run_id: orAbsent(LogFilterTaskRunId),
    text: orAbsent(LogFilterTextSearch),
  },
  { extra: "forbid" },
);
export type LogFilter = s.Infer<typeof LogFilter>;
