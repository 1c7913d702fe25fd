import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../common.ts";
import { WorkerStatus } from "../worker.ts";
import { Operator } from "./operator.ts";

export const WorkerFilterLastHeartbeatTime = s.object(
  "WorkerFilterLastHeartbeatTime",
  {
    before_: orAbsent(s.dateTime()),
    after_: orAbsent(s.dateTime()),
  },
  { extra: "forbid" },
);
export type WorkerFilterLastHeartbeatTime = s.Infer<typeof WorkerFilterLastHeartbeatTime>;

export const WorkerFilterStatus = s.object(
  "WorkerFilterStatus",
  {
    any_: orAbsent(s.array(WorkerStatus)),
    not_any_: orAbsent(s.array(WorkerStatus)),
  },
  { extra: "forbid" },
);
export type WorkerFilterStatus = s.Infer<typeof WorkerFilterStatus>;

export const WorkerFilter = s.object(
  "WorkerFilter",
  {
    operator: s.defaulted(Operator, "and_"),
    last_heartbeat_time: orAbsent(WorkerFilterLastHeartbeatTime),
    status: orAbsent(WorkerFilterStatus),
  },
  { extra: "forbid" },
);
export type WorkerFilter = s.Infer<typeof WorkerFilter>;
