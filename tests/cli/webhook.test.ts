import { expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { temporaryFolder } from "../support/disposable.ts";
import { runCommand } from "../support/prefect-cli.ts";

const TEMPLATE = '{"event": "x.{{ method }}", "resource": {"prefect.resource.id": "a"}}';
const UNKNOWN = "01a2046c-0085-7000-a04d-5f6380de8450";

test("a webhook is created, called, switched off, rotated, changed and deleted", async () => {
  await using server = await startTestServer();
  await using home = await temporaryFolder();
  const prefect = (...args: string[]) => runCommand(args, { home: home.path, env: { PREFECT_API_URL: server.apiUrl } });
  const statusOf = async (address: string) => (await fetch(address.trim())).status;

  const created = await prefect("webhook", "create", "orders", "-t", TEMPLATE, "-d", "Orders.");
  const id = /with id\s+'([0-9a-f-]+)'/.exec(created.stdout)?.[1] ?? "";
  const address = /http\S+/.exec(created.stdout)?.[0] ?? "";

  expect(await statusOf(address)).toBe(204);
  const shown = await prefect("webhook", "get", id);
  expect(shown.stdout).toContain(address);
  expect(JSON.parse((await prefect("webhooks", "ls", "-o", "json")).stdout)).toMatchObject([{ id, name: "orders" }]);
  expect((await prefect("webhook", "toggle", id)).stdout).toContain("disabled");
  expect(await statusOf(address)).toBe(404);
  await prefect("webhook", "toggle", id);
  const rotated = /http\S+/.exec((await prefect("webhook", "rotate", id)).stdout)?.[0] ?? "";
  expect([await statusOf(address), await statusOf(rotated)]).toEqual([404, 204]);
  expect((await prefect("webhook", "update", id, "--secret", "s")).code).toBe(0);
  expect(await statusOf(rotated)).toBe(401);
  expect((await prefect("webhook", "delete", id)).code).toBe(0);
  expect((await prefect("webhook", "get", UNKNOWN)).code).toBe(1);
});
