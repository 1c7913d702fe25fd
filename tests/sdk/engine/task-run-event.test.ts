import { expect, test } from "vitest";
import { taskRunEvent } from "../../../src/sdk/engine/task-run-event.ts";
import { enterState, type TaskRunRecord } from "../../../src/sdk/engine/task-run-record.ts";
import { newState, type State } from "../../../src/sdk/state.ts";

const at = (timestamp: string, state: State): State => ({ ...state, timestamp });
const pending = at("2030-01-01T00:00:00Z", newState("PENDING"));
const run: TaskRunRecord = {
  id: "t1",
  flow_run_id: "f1",
  name: "a-123",
  task_key: "a-key",
  dynamic_key: "123",
  empirical_policy: { max_retries: 0, retry_delay_seconds: 0, retries: 1, retry_delay: 0.2 },
  tags: ["z", "b"],
  labels: {},
  task_inputs: { x: [] },
  run_count: 0,
  flow_run_run_count: 1,
  expected_start_time: "2030-01-01T00:00:00Z",
  total_run_time: 0,
  state: pending,
};

test("the first event has no state before it and follows none", () => {
  const event = taskRunEvent(run, undefined, []);

  expect(event).toMatchObject({
    id: pending.id,
    occurred: pending.timestamp,
    event: "prefect.task-run.Pending",
    follows: null,
  });
  expect(event.payload).toMatchObject({ intended: { from: null, to: "PENDING" }, initial_state: null });
});

test("an event describes the run without its ids and states, and follows the one before", () => {
  const first = taskRunEvent(run, undefined, []);
  const running = enterState({ ...run, lastEvent: first }, at("2030-01-01T00:00:01.5Z", newState("RUNNING")));

  const event = taskRunEvent(running, pending, [
    { "prefect.resource.id": "prefect.flow-run.f1", "prefect.resource.role": "flow-run" },
  ]);

  expect(event.follows).toBe(first.id);
  expect(event.resource).toMatchObject({
    "prefect.resource.id": "prefect.task-run.t1",
    "prefect.run-count": "1",
    "prefect.state-timestamp": "2030-01-01T00:00:01.5+00:00",
    "prefect.orchestration": "client",
  });
  expect(event.related.map((related) => related["prefect.resource.id"])).toEqual([
    "prefect.tag.b",
    "prefect.tag.z",
    "prefect.flow-run.f1",
  ]);
  expect(event.payload).toMatchObject({
    validated_state: { type: "RUNNING", name: "Running", message: "", state_details: {}, data: null },
  });
  expect(Object.keys(event.payload.task_run as object)).not.toContain("id");
  expect(Object.keys(event.payload.task_run as object)).not.toContain("state");
});

test("entering states counts runs and the time spent running", () => {
  const states = [
    at("2030-01-01T00:00:01Z", newState("RUNNING")),
    at("2030-01-01T00:00:03Z", newState("SCHEDULED", { name: "AwaitingRetry" })),
    at("2030-01-01T00:00:09Z", newState("RUNNING", { name: "Retrying" })),
    at("2030-01-01T00:00:10.25Z", newState("COMPLETED")),
  ];

  const ended = states.reduce(enterState, run);

  expect(ended).toMatchObject({
    run_count: 2,
    total_run_time: 3.25,
    start_time: "2030-01-01T00:00:01Z",
    end_time: "2030-01-01T00:00:10.25Z",
  });
});

test("two states of one instant are a microsecond apart", () => {
  const running = enterState(run, at(pending.timestamp, newState("RUNNING")));

  expect(running.state.timestamp).toBe("2030-01-01T00:00:00.000001Z");
});
