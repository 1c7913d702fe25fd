import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { ApiNotFound, createClient } from "../../../src/client/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";

const automation = {
  name: "watch",
  trigger: { type: "event", posture: "Reactive", expect: ["an.event"], threshold: 2 },
  actions: [{ type: "do-nothing" }],
};

test("an automation is made, changed, switched off and on, and deleted", async () => {
  await using server = await startTestServer();
  using client = createClient({ apiUrl: server.apiUrl });

  const { id } = await client.automations.create({ ...automation, tags: ["mine"] });
  await client.automations.update(id, { ...automation, name: "watch more" });
  await client.automations.pause(id);
  const paused = await client.automations.read(id);
  await client.automations.resume(id);
  const [listed] = await client.automations.list({ automations: { name: { any_: ["watch more"] } } });
  await client.automations.delete(id);

  expect(paused).toMatchObject({ name: "watch more", tags: ["mine"], enabled: false, trigger: { threshold: 2 } });
  expect(listed).toMatchObject({ id, enabled: true });
  await expect(client.automations.read(id)).rejects.toSatisfy(ApiNotFound.is);
});

test("the automations of a resource are found, and deleted with one call", async () => {
  await using server = await startTestServer();
  using client = createClient({ apiUrl: server.apiUrl });
  const owner = `prefect.deployment.${randomUUID()}`;
  const { id } = await client.automations.create({ ...automation, owner_resource: owner });
  const other = await client.automations.create(automation);

  const related = await client.automations.listRelated(owner);
  await client.automations.deleteOwned(owner);

  expect(related.map((each) => each.id)).toEqual([id]);
  expect((await client.automations.list()).map((each) => each.id)).toEqual([other.id]);
});
