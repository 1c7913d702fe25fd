import type { State } from "../../domain/orchestration/facts.ts";
import { resultWithoutDescription } from "../../domain/orchestration/result-data.ts";
import { isStorable } from "../../domain/orchestration/states.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";

/** The columns of a state's row that are the same for flow runs and task runs. */
export function stateRow(ctx: ServerContext, state: State, now: Timestamp) {
  const at = ctx.db.dialect.timestamp(now);
  return {
    id: state.id,
    created: at,
    updated: at,
    type: state.type,
    timestamp: ctx.db.dialect.timestamp(state.timestamp),
    name: state.name,
    message: state.message,
    state_details: JSON.stringify(state.state_details),
    data: null,
  };
}

/** What a locked run's row says of its current state. */
export function currentStateColumns(state: State) {
  return {
    state_id: state.id,
    current_state_timestamp: state.timestamp,
    state_message: state.message,
    state_details: JSON.stringify(state.state_details),
    state_data: null,
    result_data: isStorable(state.data) ? JSON.stringify(resultWithoutDescription(state.data)) : null,
  };
}
