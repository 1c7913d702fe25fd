import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../src/kit/logger.ts";
import type { RunningServer } from "../../src/server/main.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import { createApi } from "../compare/api.ts";
import { stopProcess, temporaryFolder, waitUntil } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { cleanEnvironment, runPython } from "../support/python.ts";
import type { DatabaseKind } from "../support/reference.ts";
import { type ReferenceVersion, referencePython } from "../support/reference-paths.ts";
import { databaseRequirements, missing } from "../support/require.ts";
import { sameDatabase } from "../support/stream-subscriber.ts";

const TIMEOUT_MS = 120_000;
const SCRIPT_SECONDS = 40;
const LOGS_ON = {
  PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED: "true",
  PREFECT_SERVER_LOGS_STREAM_PUBLISHING_ENABLED: "true",
};

/** Subscribes to one server, writes to another, and prints what it was told. */
const SUBSCRIBERS = `
import asyncio, json, os, uuid
from datetime import datetime, timezone
import httpx
from prefect.client.schemas.filters import LogFilter, LogFilterLevel
from prefect.events.clients import get_events_subscriber
from prefect.events.filters import EventFilter, EventNameFilter
from prefect.logging.clients import get_logs_subscriber

def now():
    return datetime.now(timezone.utc).isoformat()

def log(message, level=40):
    return {"name": "n", "level": level, "message": message, "timestamp": now()}

def event(name, payload):
    return {"id": str(uuid.uuid4()), "occurred": now(), "event": name,
            "resource": {"prefect.resource.id": "r"}, "payload": payload}

async def main():
    only = EventFilter(event=EventNameFilter(name=["live.test"]))
    errors = LogFilter(level=LogFilterLevel(ge_=40))
    async with httpx.AsyncClient(base_url=os.environ["OTHER_API_URL"]) as other:
        await other.post("/events", json=[event("live.test", {"n": 0}), event("live.other", {})])
        async with get_events_subscriber(filter=only) as events, get_logs_subscriber(filter=errors) as logs:
            told, first = [], asyncio.Event()

            async def probe():
                while not first.is_set():
                    await other.post("/logs/", json=[log("probe")])
                    await asyncio.sleep(0.1)
                await other.post("/logs/", json=[log("low", 20), log("a"), log("b"), log("end")])

            probing = asyncio.create_task(probe())
            async for one in logs:
                first.set()
                if one.message != "probe":
                    told.append(one.message)
                if one.message == "end":
                    break
            await probing
            await other.post("/events", json=[event("live.other", {}), event("live.test", {"n": 1})])
            await other.post("/events", json=[event("live.test", {"n": 2})])
            seen = []
            async for one in events:
                seen.append(one.payload["n"])
                if one.payload["n"] == 2:
                    break
    print(json.dumps({"logs": told, "events": seen}))

asyncio.run(asyncio.wait_for(main(), ${SCRIPT_SECONDS}))
`;

const FLOW = `
from prefect import flow

@flow
def hello(name: str = "nobody"):
    return f"hello {name}"
`;

const CLIENTS: readonly (readonly [ReferenceVersion, DatabaseKind])[] = [
  ["3.9.1", "sqlite"],
  ["3.9.1", "postgresql"],
  ["3.8.8", "postgresql"],
];

describe.each(CLIENTS)("the Python client %s on %s", (version, database) => {
  const lacks = missing(`reference-${version}`, ...databaseRequirements(database));
  const start = (env: Record<string, string> = {}, log = silentLogger) =>
    startTestServer({ database, postgresUrl: postgresUrl(), services: true, env, log });

  test.skipIf(lacks)(
    "is told of events and logs that another server has stored, or the same on SQLite",
    async () => {
      await using server = await start(LOGS_ON);
      await using other = await startTestServer({ env: { ...LOGS_ON, ...sameDatabase(server) } });
      const OTHER_API_URL = database === "sqlite" ? server.apiUrl : other.apiUrl;

      const output = await runPython(version, SUBSCRIBERS, { env: { PREFECT_API_URL: server.apiUrl, OTHER_API_URL } });

      expect(JSON.parse(output)).toEqual({ logs: ["a", "b", "end"], events: [0, 1, 2] });
    },
    TIMEOUT_MS,
  );

  test.skipIf(lacks)(
    "has a worker that makes its pool, reports and runs a deployment over the channel",
    async () => {
      const requests: string[] = [];
      const note = (fields: object) => requests.push(String((fields as { readonly url?: string }).url));
      await using server = await start({}, { ...silentLogger, debug: note });
      await using home = await temporaryFolder();
      await writeFile(join(home.path, "flows.py"), FLOW);
      await using worker = await startWorker(version, server, home.path);
      const api = createApi(server.apiUrl);
      await waitUntil("the pool", async () => (await fetch(`${server.apiUrl}/work_pools/pool`)).ok, {
        timeoutMs: 60_000,
      });
      const run = await deployAndRun(server, home.path);
      const ended = await waitUntil(
        "the run's end",
        async () => {
          const { state_type } = (await api.get(`/flow_runs/${run}`)).body as { readonly state_type: string };
          if (["FAILED", "CRASHED"].includes(state_type)) throw new Error(`${state_type}: ${worker.output()}`);
          return state_type === "COMPLETED" && state_type;
        },
        { timeoutMs: 90_000, intervalMs: 200 },
      );

      expect(ended).toBe("COMPLETED");
      expect((await api.post("/work_pools/pool/workers/filter", {})).body).toMatchObject([{ status: "ONLINE" }]);
      expect(requests).toContain("/api/deployments/");
      // Over REST it would have reported there, and made the pool there.
      expect(requests.filter((url) => url.endsWith("/workers/heartbeat"))).toEqual([]);
      expect(requests).not.toContain("/api/work_pools/");
    },
    TIMEOUT_MS,
  );
});

/** `prefect worker start`, as it is installed. */
async function startWorker(version: ReferenceVersion, server: RunningServer, home: string) {
  const arguments_ = ["-m", "prefect", "worker", "start", "--pool", "pool", "--type", "process", "--name", "w"];
  const child = spawn(referencePython(version), arguments_, {
    cwd: home,
    env: cleanEnvironment({
      PREFECT_HOME: home,
      PREFECT_API_URL: server.apiUrl,
      PREFECT_WORKER_QUERY_SECONDS: "1",
      PREFECT_LOGGING_LEVEL: "DEBUG",
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  return { output: () => output, [Symbol.asyncDispose]: () => stopProcess(child, "SIGINT", 10_000) };
}

/** Gives the id of a run of the flow in `folder`, from the pool. */
async function deployAndRun(server: RunningServer, folder: string): Promise<string> {
  const api = createApi(server.apiUrl);
  const { id: flow_id } = await api.post("/flows/", { name: "hello" });
  const { id } = await api.post("/deployments/", {
    name: "d",
    flow_id,
    work_pool_name: "pool",
    entrypoint: "flows.py:hello",
    pull_steps: [{ "prefect.deployments.steps.set_working_directory": { directory: folder } }],
    parameter_openapi_schema: { type: "object", properties: {} },
  });
  const run = await api.post(`/deployments/${id}/create_flow_run`, { parameters: { name: "you" } });
  return String(run.id);
}
