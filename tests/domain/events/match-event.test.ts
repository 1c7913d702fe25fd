import { expect, test } from "vitest";
import { matchesEvent } from "../../../src/domain/events/match-event.ts";
import { EventFilter } from "../../../src/schemas/filters/event-filter.ts";

const event = {
  id: "01a20490-1db2-7001-a4c2-a89038481a57",
  occurred: "2026-11-22T12:00:00Z",
  event: "prefect.flow-run.Running",
  resource: {
    "prefect.resource.id": "prefect.flow-run.1",
    "prefect.resource.name": "calm-owl",
    "prefect.state-type": "RUNNING",
  },
  related: [
    { "prefect.resource.id": "prefect.flow.2", "prefect.resource.role": "flow", "prefect.resource.name": "etl" },
    { "prefect.resource.id": "prefect.tag.x", "prefect.resource.role": "tag" },
  ],
  payload: { intended: { to: "RUNNING" } },
};

test.each<readonly [object, boolean]>([
  [{}, true],
  [{ occurred: { since: "2026-11-22T12:00:00Z", until: "2026-11-22T12:00:00Z" } }, true],
  [{ occurred: { since: "2026-11-22T12:00:01Z" } }, false],
  [{ event: { prefix: ["prefect.flow-run."] } }, true],
  [{ event: { prefix: ["x"], name: ["prefect.flow-run.Running"] } }, false],
  [{ event: { name: [] } }, true],
  [{ event: { exclude_prefix: ["prefect.flow"] } }, false],
  [{ event: { exclude_name: ["prefect.flow-run.Running"] } }, false],
  [{ resource: { id: ["prefect.flow-run.1"] } }, true],
  [{ resource: { id: ["prefect.flow.2"] } }, false],
  [{ resource: { id_prefix: ["prefect.flow-run."] } }, true],
  [{ resource: { labels: { "prefect.resource.name": "calm-*" } } }, true],
  [{ resource: { labels: { "prefect.resource.name": ["x", "c?lm-owl"] } } }, true],
  [{ resource: { labels: { "prefect.resource.name": "!calm-*" } } }, false],
  [{ resource: { labels: { "prefect.resource.name": [] } } }, false],
  [{ resource: { labels: { unknown: "*" } } }, false],
  [{ related: { id: ["prefect.flow.2"], role: ["flow"] } }, true],
  [{ related: { resources_in_roles: [["prefect.flow.2", "tag"]] } }, false],
  [{ related: [{ role: ["flow"] }, { role: ["tag"] }] }, true],
  [{ related: [{ role: ["flow"] }, { role: ["deployment"] }] }, false],
  [{ related: { id: ["prefect.flow-run.1"] } }, false],
  [{ any_resource: { id: ["prefect.flow-run.1"] } }, true],
  [{ any_resource: [{ id_prefix: ["prefect.tag."] }, { id: ["none"] }] }, false],
  [{ id: { id: [event.id] } }, true],
  [{ id: { id: ["01a20490-1db2-7001-a4c2-a89038481a58"] } }, false],
  [{ text: { query: "ETL -failed" } }, true],
  [{ text: { query: "+etl +none" } }, false],
])("%j: %s", (criteria, expected) => {
  const filter = EventFilter.parse(criteria);
  if (!filter.ok) throw new Error(JSON.stringify(filter.errors));

  expect(matchesEvent(filter.value, event)).toBe(expected);
});
