import { expect, test } from "vitest";
import { startTestServer } from "../../../src/testing/index.ts";

async function post(apiUrl: string, path: string, body: unknown) {
  const answer = await fetch(apiUrl + path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const text = await answer.text();
  return text === "" ? undefined : JSON.parse(text);
}

test("the page of a run shows its state, its logs and nothing unescaped", async () => {
  await using server = await startTestServer();
  const flow = await post(server.apiUrl, "/flows/", { name: "etl" });
  const run = await post(server.apiUrl, "/flow_runs/", {
    flow_id: flow.id,
    name: "<b>calm</b>",
    state: { type: "RUNNING" },
  });
  const log = { name: "prefect.flow_runs", level: 30, message: "<script>alert(1)</script>", flow_run_id: run.id };
  await post(server.apiUrl, "/logs/", [{ ...log, timestamp: "2030-01-01T00:00:00Z" }]);

  const answer = await fetch(`${server.url}/runs/flow-run/${run.id}`);
  const text = await answer.text();

  expect(answer.headers.get("content-type")).toContain("text/html");
  expect(text).toContain("etl / &#60;b&#62;calm");
  expect(text).toContain("Running");
  expect(text).toContain("WARNING");
  expect(text).toContain("&#60;script&#62;");
  expect(text).not.toContain("<script>");
  expect(text).toContain('http-equiv="refresh"');
});

test("the first page lists runs with links to theirs; an unknown run is a 404", async () => {
  await using server = await startTestServer();
  const flow = await post(server.apiUrl, "/flows/", { name: "etl" });
  const run = await post(server.apiUrl, "/flow_runs/", { flow_id: flow.id, name: "calm-owl" });

  const text = await (await fetch(`${server.url}/`)).text();
  const unknown = await fetch(`${server.url}/runs/flow-run/${flow.id}`);

  expect(text).toContain(`href="runs/flow-run/${run.id}"`);
  expect(unknown.status).toBe(404);
});
