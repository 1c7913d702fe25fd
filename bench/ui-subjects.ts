import type { UiSubjects } from "./ui-calls.ts";

/** Sends a request to the API, a POST where there is a body, and gives the JSON that comes back. */
export type Ask = (path: string, body?: object) => Promise<unknown>;

type Found = Readonly<Record<"id" | "name" | "key" | "work_pool_name", string>>;

/** Looks for things to ask about in a database that has been filled by `seedDatabase`. */
export async function findUiSubjects(ask: Ask, nowMs: number): Promise<UiSubjects> {
  const list = async (path: string, body: object) => (await ask(path, body)) as readonly Found[];
  const first = async (path: string, body: object = {}) => {
    const [found] = await list(path, { limit: 1, ...body });
    if (found === undefined) throw new Error(`${path} found nothing: the database has not been seeded`);
    return found;
  };
  const flow_runs = { state: { type: { any_: ["COMPLETED"] } } };
  const completed = await list("/flow_runs/filter", { flow_runs, sort: "START_TIME_DESC", limit: 100 });
  const deployments = await list("/deployments/filter", { limit: 50 });
  const [pool, flowRun] = [await first("/work_pools/filter"), completed[0] as Found];
  return {
    nowMs,
    flowRunId: flowRun.id,
    flowRunIds: completed.map(({ id }) => id),
    taskRunId: (await first("/task_runs/filter")).id,
    flowIds: (await list("/flows/filter", { limit: 50 })).map(({ id }) => id),
    deploymentIds: deployments.map(({ id }) => id),
    poolId: pool.id,
    poolName: pool.name,
    queueName: (await first(`/work_pools/${pool.name}/queues/filter`)).name,
    artifactKey: (await first("/artifacts/filter")).key,
  };
}
