import { randomUUID } from "node:crypto";
import { uuid7Ids } from "../src/kit/ids.ts";
import type { Http, Step } from "./load.ts";

/** A unit of work a user would recognise, made ready against one server. */
export interface Scenario {
  readonly name: string;
  /** What one unit is, for the table. */
  readonly unit: string;
  prepare(http: Http): Promise<Step>;
}

async function flowId(http: Http): Promise<string> {
  const flow = (await http.post("/flows/", { name: `bench-${randomUUID()}` })) as { id: string };
  return flow.id;
}

async function createRun(http: Http, flow_id: string): Promise<string> {
  const body = { flow_id, name: "bench", parameters: { x: 1 }, state: { type: "PENDING" }, tags: ["bench"] };
  const run = (await http.post("/flow_runs/", body)) as { id: string };
  return run.id;
}

const setState = (http: Http, id: string, type: string) => http.post(`/flow_runs/${id}/set_state`, { state: { type } });

export const scenarios: readonly Scenario[] = [
  {
    name: "create flow run",
    unit: "runs/s",
    async prepare(http) {
      const flow = await flowId(http);
      return async (connection) => void (await createRun(connection, flow));
    },
  },
  {
    name: "lifecycle",
    unit: "create + RUNNING + COMPLETED/s",
    async prepare(http) {
      const flow = await flowId(http);
      return async (connection) => {
        const id = await createRun(connection, flow);
        await setState(connection, id, "RUNNING");
        await setState(connection, id, "COMPLETED");
      };
    },
  },
  {
    name: "read flow run",
    unit: "reads/s",
    async prepare(http) {
      const id = await createRun(http, await flowId(http));
      return async (connection) => void (await connection.get(`/flow_runs/${id}`));
    },
  },
  {
    name: "filter 50 runs",
    unit: "lists/s",
    async prepare(http) {
      const flow = await flowId(http);
      for (let made = 0; made < 60; made++) await createRun(http, flow);
      const body = {
        flow_runs: { state: { type: { any_: ["PENDING"] } } },
        flows: { id: { any_: [flow] } },
        sort: "START_TIME_DESC",
        limit: 50,
      };
      return async (connection) => void (await connection.post("/flow_runs/filter", body));
    },
  },
  {
    name: "logs, batches of 100",
    unit: "batches/s",
    async prepare(http) {
      const flow_run_id = await createRun(http, await flowId(http));
      return async (connection) => {
        const timestamp = new Date().toISOString();
        const line = { name: "prefect.flow_runs", level: 20, message: "a line of a log", timestamp, flow_run_id };
        await connection.post(
          "/logs/",
          Array.from({ length: 100 }, () => line),
        );
      };
    },
  },
  {
    name: "events, batches of 50",
    unit: "batches/s",
    async prepare() {
      // As clients of 3.8 and 3.9 number them; those of 3.1 take random ids, which cost more on both sides.
      const ids = uuid7Ids(Date.now);
      return async (connection) => {
        const occurred = new Date().toISOString();
        const events = Array.from({ length: 50 }, () => ({
          id: ids.next(),
          occurred,
          event: "bench.happened",
          resource: { "prefect.resource.id": "bench.thing" },
          payload: { value: 1 },
        }));
        await connection.post("/events", events);
      };
    },
  },
];
