import { expect, test } from "vitest";
import { type Api, createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";

const TEMPLATE = `{
  "event": "{{ headers['X-Event'] }}.{{ method }}",
  "resource": {"prefect.resource.id": "order.{{ body.id }}"},
  "payload": {{ body | tojson }}
}`;

forEachServer((start) => {
  test("a call becomes the event that the template makes of it, by any method", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const webhook = await api.post("/webhooks/", { name: "orders", template: TEMPLATE });
    const url = `${server.apiUrl}/hooks/${webhook.at("slug")}`;

    const headers = { "x-event": "paid", authorization: "Bearer abc" };
    const json = await fetch(url, { method: "POST", headers, body: '{"id": 7, "big": 12345678901234567890}' });
    const form = await fetch(url, { method: "PUT", headers, body: new URLSearchParams({ id: "8" }) });

    expect([json.status, form.status]).toEqual([204, 204]);
    expect(await eventsOf(api, ["paid.POST", "paid.PUT"])).toMatchObject([
      { event: "paid.POST", resource: { "prefect.resource.id": "order.7" }, payload: { id: 7 } },
      { event: "paid.PUT", resource: { "prefect.resource.id": "order.8" }, payload: { id: "8" } },
    ]);
    expect(await eventsOf(api, ["prefect.webhook.received"])).toHaveLength(2);
  });

  test("a call that makes no event is refused, and told of", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const bare = await api.post("/webhooks/", { name: "a", template: '{"event": "x"}' });
    const text = await api.post("/webhooks/", { name: "b", template: "{{ body }}" });

    const noResource = await fetch(`${server.apiUrl}/hooks/${bare.at("slug")}`);
    const noJson = await fetch(`${server.apiUrl}/hooks/${text.at("slug")}`, { method: "POST", body: "no { json" });

    expect([noResource.status, noJson.status]).toEqual([400, 400]);
    expect(await noJson.json()).toEqual({
      detail: "The call cannot be made into an event: the template does not give a JSON object",
    });
    expect(await eventsOf(api, ["prefect.webhook.failed"])).toHaveLength(2);
  });

  test("an unknown, disabled or rotated address is not found, and a bad template not taken", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const webhook = await api.post("/webhooks/", { name: "a", template: "{}", enabled: false });
    const call = async (slug: unknown) => (await fetch(`${server.apiUrl}/hooks/${slug}`)).status;

    expect(await call("nothing")).toBe(404);
    expect(await call(webhook.at("slug"))).toBe(404);
    await api.put(`/webhooks/${webhook.id}`, { enabled: true });
    expect(await call(webhook.at("slug"))).toBe(400);
    const rotated = await api.post(`/webhooks/${webhook.id}/rotate`);
    expect(await call(webhook.at("slug"))).toBe(404);
    expect(await call(rotated.at("slug"))).toBe(400);
    expect((await api.post("/webhooks/", { name: "b", template: "{% for" })).status).toBe(422);
    expect((await api.post("/webhooks/filter", {})).body).toHaveLength(1);
    expect((await api.delete(`/webhooks/${webhook.id}`)).status).toBe(204);
    expect((await api.get(`/webhooks/${webhook.id}`)).status).toBe(404);
  });

  test("addresses are open where the API asks for credentials, and may ask for a secret that nobody is shown", async () => {
    await using server = await start({
      env: { PREFECT_SERVER_API_AUTH_STRING: "a:b", PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "true" },
    });
    const basic = { authorization: `Basic ${Buffer.from("a:b").toString("base64")}` };
    const ask = async (path: string, init: RequestInit = {}) =>
      await fetch(`${server.apiUrl}${path}`, { ...init, headers: { ...basic, ...init.headers } });
    const token = await (await ask("/csrf-token?client=me")).json();
    const csrf = {
      "content-type": "application/json",
      "prefect-csrf-token": String((token as { token: string }).token),
      "prefect-csrf-client": "me",
    };
    const body = JSON.stringify({ name: "a", template: "{}", secret: "s3cret" });
    const webhook = await (await ask("/webhooks/", { method: "POST", body, headers: csrf })).json();
    const url = `${server.apiUrl}/hooks/${(webhook as { slug: string }).slug}`;
    const status = async (headers: Record<string, string>) => (await fetch(url, { method: "POST", headers })).status;

    expect(webhook).toMatchObject({ has_secret: true });
    expect(JSON.stringify(webhook)).not.toContain("s3cret");
    expect(await status({})).toBe(401);
    expect(await status(basic)).toBe(401);
    expect(await status({ authorization: "Bearer wrong" })).toBe(401);
    expect(await status({ authorization: "Bearer s3cret" })).toBe(400);
    expect((await fetch(`${server.apiUrl}/webhooks/${(webhook as { id: string }).id}`)).status).toBe(401);
  });
});

async function eventsOf(api: Api, name: readonly string[]): Promise<readonly unknown[]> {
  return (await api.post("/events/filter", { filter: { event: { name }, order: "ASC" } })).at("events") as unknown[];
}
