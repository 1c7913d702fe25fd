import * as s from "../kit/schema/schema.ts";
import { StateType } from "./state.ts";

export const HistoryResponseState = s.object("HistoryResponseState", {
  state_type: StateType,
  state_name: s.string(),
  count_runs: s.integer(),
  sum_estimated_run_time: s.number(),
  sum_estimated_lateness: s.number(),
});
export type HistoryResponseState = s.Infer<typeof HistoryResponseState>;

export const HistoryResponse = s.object("HistoryResponse", {
  interval_start: s.dateTime(),
  interval_end: s.dateTime(),
  states: s.array(HistoryResponseState),
});
export type HistoryResponse = s.Infer<typeof HistoryResponse>;
