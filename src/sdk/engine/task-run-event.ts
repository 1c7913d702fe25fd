import type { Event } from "../../schemas/event.ts";
import type { StateDetails } from "../../schemas/state.ts";
import type { State } from "../state.ts";
import type { TaskRunRecord } from "./task-run-record.ts";

export type Related = Readonly<Record<string, string>>;

const MAX_MESSAGE_LENGTH = 100_000;

/** The event that tells the API a task run is in its present state; `previous` is the state before, if any. */
export function taskRunEvent(run: TaskRunRecord, previous: State | undefined, context: readonly Related[]): Event {
  const { state } = run;
  return {
    id: state.id,
    occurred: state.timestamp,
    event: `prefect.task-run.${state.name}`,
    resource: {
      "prefect.resource.id": `prefect.task-run.${run.id}`,
      "prefect.resource.name": run.name,
      "prefect.run-count": String(run.run_count),
      "prefect.state-message": messageOf(state),
      "prefect.state-name": state.name,
      "prefect.state-timestamp": state.timestamp.replace(/Z$/, "+00:00"),
      "prefect.state-type": state.type,
      "prefect.orchestration": "client",
    },
    related: [...run.tags.toSorted().map(tagResource), ...context],
    payload: {
      intended: { from: previous?.type ?? null, to: state.type },
      initial_state: previous ? describeState(previous) : null,
      validated_state: { ...describeState(state), data: state.data },
      task_run: describeRun(run),
    },
    follows: run.lastEvent?.id ?? null,
  };
}

export function tagResource(tag: string): Related {
  return { "prefect.resource.id": `prefect.tag.${tag}`, "prefect.resource.role": "tag" };
}

function describeState(state: State) {
  return {
    type: state.type,
    name: state.name,
    message: messageOf(state),
    state_details: ownDetails(state.state_details),
  };
}

// The ids are known from the event itself.
function ownDetails(details: Partial<StateDetails>): Partial<StateDetails> {
  const { flow_run_id: _flowRun, task_run_id: _taskRun, ...rest } = details;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null));
}

function describeRun(run: TaskRunRecord) {
  const { id: _id, flow_run_id: _flowRun, state: _state, lastEvent: _event, ...described } = run;
  return described;
}

function messageOf(state: State): string {
  return (state.message ?? "").slice(0, MAX_MESSAGE_LENGTH);
}
