import * as s from "../kit/schema/schema.ts";
import { orNull, storedFields } from "./common.ts";

export const WorkerStatus = s.oneOf(["ONLINE", "OFFLINE"], "WorkerStatus");
export type WorkerStatus = s.Infer<typeof WorkerStatus>;

export const WorkerResponse = s.object("WorkerResponse", {
  ...storedFields,
  name: s.string(),
  work_pool_id: s.uuid(),
  last_heartbeat_time: orNull(s.dateTime()),
  heartbeat_interval_seconds: orNull(s.integer()),
  status: s.defaulted(WorkerStatus, "OFFLINE"),
});
export type WorkerResponse = s.Infer<typeof WorkerResponse>;

export const TaskWorkerFilter = s.object("TaskWorkerFilter", {
  task_keys: s.array(s.string()),
});
export type TaskWorkerFilter = s.Infer<typeof TaskWorkerFilter>;

export const TaskWorkerResponse = s.object("TaskWorkerResponse", {
  identifier: s.string(),
  task_keys: s.array(s.string()),
  timestamp: s.dateTime(),
});
export type TaskWorkerResponse = s.Infer<typeof TaskWorkerResponse>;
