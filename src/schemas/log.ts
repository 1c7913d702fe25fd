import * as s from "../kit/schema/schema.ts";
import { orNull, storedFields } from "./common.ts";

export const Log = s.object("Log", {
  ...storedFields,
  name: s.string(),
  level: s.integer(),
  message: s.string(),
  timestamp: s.dateTime(),
  flow_run_id: orNull(s.uuid()),
  task_run_id: orNull(s.uuid()),
});
export type Log = s.Infer<typeof Log>;

export const LogCreate = s.object(
  "LogCreate",
  {
    name: s.string(),
    level: s.integer(),
    message: s.string(),
    timestamp: s.dateTime(),
    flow_run_id: orNull(s.uuid()),
    task_run_id: orNull(s.uuid()),
  },
  { extra: "forbid" },
);
export type LogCreate = s.Infer<typeof LogCreate>;
