import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import {
  ApiConflict,
  ApiInvalidRequest,
  ApiNotFound,
  ApiUnauthorized,
  ApiUnreachable,
  createClient,
} from "../../src/client/index.ts";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers every request alike, and keeps what was asked. */
async function startApi(answer: { readonly status?: number; readonly body?: string } = {}) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "", url = "", headers } = request;
    if (!url.includes("csrf-token")) seen.push({ method, url, headers, body });
    response.statusCode = url.includes("csrf-token") ? 422 : (answer.status ?? 200);
    response.end(answer.body ?? "{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    apiUrl: `http://127.0.0.1:${port}/api`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("a request says which client asks, in which version and with which credentials", async () => {
  await using api = await startApi();
  const customHeaders = { "X-Team": "data", "User-Agent": "mine" };
  using client = createClient({ apiUrl: `${api.apiUrl}/`, authString: "admin:pass", customHeaders });

  await client.flows.create({ name: "é" });

  expect(api.seen).toMatchObject([{ method: "POST", url: "/api/flows/", body: '{"name":"é"}' }]);
  expect(api.seen[0]?.headers).toMatchObject({
    "user-agent": "prefect/3.9.1 (API 0.8.4)",
    "x-prefect-api-version": "0.8.4",
    "content-type": "application/json",
    authorization: `Basic ${Buffer.from("admin:pass").toString("base64")}`,
    "x-team": "data",
  });
});

test("names are escaped in paths", async () => {
  await using api = await startApi();
  using client = createClient({ apiUrl: api.apiUrl, apiKey: "key" });

  await client.deployments.readByName("a flow", "ü#1");

  expect(api.seen[0]).toMatchObject({
    url: "/api/deployments/name/a%20flow/%C3%BC%231",
    headers: { authorization: "Bearer key" },
  });
});

test("numbers that JavaScript cannot hold come back as they were", async () => {
  const body = '{"parameters":{"big":9007199254740993,"one":1.0}}';
  await using api = await startApi({ body });
  using client = createClient({ apiUrl: api.apiUrl });

  expect(JSON.stringify(await client.flowRuns.read("x"))).toBe(body);
});

test.each([
  [401, ApiUnauthorized, "Unauthorized"],
  [404, ApiNotFound, "Flow run not found"],
  [409, ApiConflict, "taken"],
  [422, ApiInvalidRequest, "Invalid limit"],
])("an answer of %i is an entry of the catalogue", async (status, expected, detail) => {
  await using api = await startApi({ status, body: JSON.stringify({ detail }) });
  using client = createClient({ apiUrl: api.apiUrl });

  const error = await client.flowRuns.read("x").catch((thrown: unknown) => thrown);

  expect(expected.is(error)).toBe(true);
  expect(error).toMatchObject({ details: { method: "GET", path: "/flow_runs/x", status, body: { detail } } });
});

test("a server that is not there is an error at once that says where it was looked for", async () => {
  using client = createClient({ apiUrl: "http://127.0.0.1:1/api" });

  const error = await client.admin.version().catch((thrown: unknown) => thrown);

  expect(ApiUnreachable.is(error)).toBe(true);
  expect(String(error)).toContain("http://127.0.0.1:1/api");
  expect(await client.admin.isHealthy()).toBe(false);
});
