import { expect, test } from "vitest";
import { createClient } from "../../../src/client/client.ts";
import { watchEvents } from "../../../src/client/sockets/watch-events.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { waitUntil } from "../../support/disposable.ts";
import { openWay } from "../../support/open-way.ts";

test("a watch tells of the events it asks for, again after the stream was lost", async () => {
  await using server = await startTestServer();
  using near = createClient({ apiUrl: server.apiUrl });
  using way = await openWay(server.apiUrl);
  using far = createClient({ apiUrl: way.apiUrl });
  const told: string[] = [];
  let opened = 0;
  const flow = await near.flows.create({ name: "watched" });
  await using _watch = watchEvents(far, {
    filter: { event: { name: ["prefect.flow-run.Failed"] } },
    onEvent: ({ resource }) => told.push(resource["prefect.resource.id"] ?? ""),
    onOpen: () => (opened += 1),
  });
  await waitUntil("the stream", () => opened === 1);

  await near.flowRuns.create({ flow_id: flow.id, state: { type: "COMPLETED" } });
  const first = await near.flowRuns.create({ flow_id: flow.id, state: { type: "FAILED" } });
  await waitUntil("the first event", () => told.length === 1);
  way.cut();
  way.restore();
  await waitUntil("the stream again", () => opened === 2);
  const second = await near.flowRuns.create({ flow_id: flow.id, state: { type: "FAILED" } });
  await waitUntil("the second event", () => told.length === 2);

  expect(told).toEqual([first, second].map(({ id }) => `prefect.flow-run.${id}`));
});
