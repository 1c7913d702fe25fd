import { expect, test } from "vitest";
import { type FlowRunEventSubject, flowRunStateEvent } from "../../../src/domain/events/flow-run-state-event.ts";

const subject: FlowRunEventSubject = {
  id: "run-1",
  name: "calm-owl",
  run_count: 1,
  tags: ["b", "a"],
  created_by: null,
  flow: { id: "flow-1", name: "etl", tags: ["a", "z"] },
  deployment: undefined,
  workQueue: undefined,
  workPool: undefined,
  parentTaskRun: undefined,
};
const pending = {
  id: "s1",
  type: "PENDING",
  name: "Pending",
  timestamp: "2030-01-01T00:00:00Z",
  message: null,
  pauseReschedule: false,
};
const running = { ...pending, id: "s2", type: "RUNNING", name: "Running", timestamp: "2030-01-01T00:00:01.000002Z" };

test("a state event carries the state's id, its predecessor and both states", () => {
  const event = flowRunStateEvent(subject, pending, running);

  expect(event).toMatchObject({
    id: "s2",
    event: "prefect.flow-run.Running",
    follows: "s1",
    occurred: running.timestamp,
  });
  expect(event.resource["prefect.state-timestamp"]).toBe("2030-01-01T00:00:01.000002+00:00");
  expect(event.payload).toEqual({
    intended: { from: "PENDING", to: "RUNNING" },
    initial_state: { type: "PENDING", name: "Pending" },
    validated_state: { type: "RUNNING", name: "Running" },
  });
});

test("related resources name the flow, then every tag once in order", () => {
  const { related } = flowRunStateEvent(subject, undefined, running);

  expect(related.map((resource) => resource["prefect.resource.id"])).toEqual([
    "prefect.flow.flow-1",
    "prefect.tag.a",
    "prefect.tag.b",
    "prefect.tag.z",
  ]);
});

test.each([
  ["4:59 later", "2030-01-01T00:04:59Z", "s1"],
  ["5:00 later", "2030-01-01T00:05:00Z", null],
  ["5:00 earlier", "2029-12-31T23:55:00Z", null],
])("a state %s follows %s -> %s", (_title, timestamp, follows) => {
  expect(flowRunStateEvent(subject, pending, { ...running, timestamp }).follows).toBe(follows);
});

test("a paused state says whether it is a suspension", () => {
  const { payload } = flowRunStateEvent(subject, running, { ...running, type: "PAUSED", pauseReschedule: true });

  expect(payload).toMatchObject({ validated_state: { pause_reschedule: "true" } });
});

test("only deployments and automations are named as creators", () => {
  const byAutomation = { id: "auto-1", type: "AUTOMATION", display_value: "nightly" };
  const bySchedule = { id: "schedule-1", type: "SCHEDULE", display_value: "CronSchedule" };
  const creators = (created_by: FlowRunEventSubject["created_by"]) =>
    flowRunStateEvent({ ...subject, created_by }, undefined, running).related.filter(
      (resource) => resource["prefect.resource.role"] === "creator",
    );

  expect(creators(byAutomation)).toEqual([
    {
      "prefect.resource.id": "prefect.automation.auto-1",
      "prefect.resource.role": "creator",
      "prefect.resource.name": "nightly",
    },
  ]);
  expect(creators(bySchedule)).toEqual([]);
});

test("a message beyond 100,000 characters is cut in the middle and says so", () => {
  const message = "x".repeat(100_050);

  const label = flowRunStateEvent(subject, undefined, { ...running, message }).resource["prefect.state-message"];

  expect(label).toContain("...50 additional characters...");
});
