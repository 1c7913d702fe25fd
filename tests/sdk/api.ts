import { afterAll, beforeAll, beforeEach, describe, vi } from "vitest";
import { type Client, createClient } from "../../src/client/client.ts";
import type { FlowRunResponse } from "../../src/schemas/flow-run.ts";
import type { TaskRun } from "../../src/schemas/task-run.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { temporaryFolder, waitUntil } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { startReference } from "../support/reference.ts";
import { missing, type Requirement } from "../support/require.ts";

/** A server the SDK's runs are recorded on, and a client to read them back. */
export interface Api {
  readonly client: Client;
  /** The newest run of a flow. */
  readRun(flowName: string): Promise<FlowRunResponse>;
  /** The names of a run's states, oldest first. */
  readStates(run: { readonly id: string }): Promise<readonly (string | null)[]>;
  /** The task runs of a flow run once there are `count` and all are in a state for which `isSettled` holds. */
  readTaskRuns(run: { readonly id: string }, count: number): Promise<readonly TaskRun[]>;
}

interface ServerKind {
  readonly name: string;
  readonly needs: readonly Requirement[];
  start(): Promise<AsyncDisposable & { readonly apiUrl: string }>;
}

const SERVERS: readonly ServerKind[] = [
  { name: "the reference", needs: ["reference-3.9.1"], start: () => startReference() },
  { name: "our server on SQLite", needs: [], start: () => startTestServer({ services: true }) },
  {
    name: "our server on PostgreSQL",
    needs: ["postgresql"],
    start: () => startTestServer({ services: true, database: "postgresql", postgresUrl: postgresUrl() }),
  },
];

/** Runs the tests on the reference and on our server; the SDK finds the server through its settings. */
export function forEachApi(define: (api: Api) => void): void {
  for (const { name, needs, start } of SERVERS) {
    describe.skipIf(missing(...needs))(`on ${name}`, () => {
      let server: (AsyncDisposable & { readonly apiUrl: string }) | undefined;
      let client: Client | undefined;
      beforeAll(async () => {
        server = await start();
        client = createClient({ apiUrl: server.apiUrl });
      }, 60_000);
      beforeEach(async (context) => {
        const home = await temporaryFolder();
        vi.stubEnv("PREFECT_HOME", home.path);
        vi.stubEnv("PREFECT_API_URL", server?.apiUrl);
        vi.stubEnv("PREFECT_LOGGING_LEVEL", "CRITICAL");
        context.onTestFinished(async () => {
          vi.unstubAllEnvs();
          await home[Symbol.asyncDispose]();
        });
      });
      afterAll(async () => {
        client?.[Symbol.dispose]();
        await server?.[Symbol.asyncDispose]();
      });
      define(apiOf(() => {
        if (!client) throw new Error("The server has not started.");
        return client;
      }));
    });
  }
}

function apiOf(client: () => Client): Api {
  return {
    get client() {
      return client();
    },
    readRun: async (flowName) => {
      const [run] = await client().flowRuns.list({
        flows: { name: { any_: [flowName] } },
        sort: "START_TIME_DESC",
        limit: 1,
      });
      if (!run) throw new Error(`No run of ${flowName}.`);
      return run;
    },
    readStates: async (run) => (await client().flowRuns.states(run.id)).map((state) => state.name),
    readTaskRuns: (run, count) =>
      waitUntil(`${count} settled task runs`, async () => {
        const query = { flow_runs: { id: { any_: [run.id] } }, sort: "EXPECTED_START_TIME_ASC" };
        const found = await client().taskRuns.list(query);
        return found.length === count && found.every(isSettled) && found;
      }),
  };
}

function isSettled({ state_type, state_name }: TaskRun): boolean {
  return state_name === "NotReady" || ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"].includes(state_type ?? "");
}
