import { expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { temporaryFolder } from "../support/disposable.ts";
import { runCommand } from "../support/prefect-cli.ts";

/** A server, an empty home, and one finished run with three logs. */
async function arrange() {
  const server = await startTestServer();
  const home = await temporaryFolder();
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(server.apiUrl + path, { method: "POST", body: JSON.stringify(body), headers });
    return response.text().then((text) => (text === "" ? undefined : JSON.parse(text)));
  };
  const { id: flowId } = await post("/flows/", { name: "etl" });
  const { id } = await post("/flow_runs/", { flow_id: flowId, name: "first", state: { type: "PENDING" } });
  await post(`/flow_runs/${id}/set_state`, { state: { type: "RUNNING" } });
  const log = (second: number) => ({
    name: "prefect.flow_runs",
    level: 10 + second * 10,
    message: `log ${second}`,
    timestamp: `2026-01-02T03:04:0${second}.5Z`,
    flow_run_id: id,
  });
  await post("/logs/", [1, 2, 3].map(log));
  return {
    id: id as string,
    prefect: (...args: string[]) => runCommand(args, { home: home.path, env: { PREFECT_API_URL: server.apiUrl } }),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}

const UNKNOWN = "01a2046c-0085-7000-a04d-5f6380de8450";

test("runs are listed as a table within 80 columns, or as JSON", async () => {
  await using at = await arrange();

  const [table, json, none] = await Promise.all([
    at.prefect("flow-run", "ls", "--state", "running", "--flow-name", "etl"),
    at.prefect("flow-runs", "ls", "--state-type", "running", "-o", "json"),
    at.prefect("flow-run", "ls", "--flow-name", "other", "-o", "json"),
  ]);

  expect(table.stdout).toMatch(new RegExp(`^${at.id} {2}etl {3}first {2}RUNNING {2}`, "m"));
  expect(Math.max(...table.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(JSON.parse(json.stdout)).toMatchObject([{ id: at.id, name: "first", state_type: "RUNNING" }]);
  expect(none.stdout).toBe("[]\n");
}, 30_000);

test("logs are shown from either end, and as JSON", async () => {
  await using at = await arrange();
  const line = (second: number, level: string) =>
    `2026-01-02 03:04:0${second}.500 | ${level.padEnd(7)} | Flow run 'first' - log ${second}\n`;

  const [all, head, tail, reverse, json, both] = await Promise.all([
    at.prefect("flow-run", "logs", at.id),
    at.prefect("flow-run", "logs", at.id, "--head", "-n", "1"),
    at.prefect("flow-run", "logs", at.id, "--tail", "-n", "2"),
    at.prefect("flow-run", "logs", at.id, "--reverse", "-n", "1"),
    at.prefect("flow-run", "logs", at.id, "-o", "json"),
    at.prefect("flow-run", "logs", at.id, "--head", "--tail"),
  ]);

  expect(all.stdout).toBe(line(1, "INFO") + line(2, "WARNING") + line(3, "ERROR"));
  expect(head.stdout).toBe(line(1, "INFO"));
  expect(tail.stdout).toBe(line(2, "WARNING") + line(3, "ERROR"));
  expect(reverse.stdout).toBe(line(3, "ERROR"));
  expect(JSON.parse(json.stdout)).toHaveLength(3);
  expect(both.code).toBe(1);
}, 30_000);

test("a run is inspected, cancelled and deleted; an unknown one exits with 1", async () => {
  await using at = await arrange();

  const inspected = await at.prefect("flow-run", "inspect", at.id, "-o", "json");
  const cancelled = await at.prefect("flow-run", "cancel", at.id);
  const deleted = await at.prefect("flow-run", "delete", at.id);
  const gone = await Promise.all(
    ["inspect", "cancel", "delete", "logs"].map((verb) => at.prefect("flow-run", verb, UNKNOWN)),
  );

  expect(JSON.parse(inspected.stdout)).toMatchObject({ id: at.id, name: "first" });
  expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringContaining("scheduled for cancellation") });
  expect(deleted.code).toBe(0);
  expect(gone).toEqual(gone.map(() => ({ code: 1, stdout: "", stderr: `Flow run '${UNKNOWN}' not found!\n` })));
}, 30_000);
