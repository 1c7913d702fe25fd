import { expect, test } from "vitest";
import { type Api, createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { manualClock } from "../../support/manual-clock.ts";

interface GraphNode {
  readonly label: string;
  readonly kind: string;
  readonly parents: readonly { readonly id: string }[];
  readonly children: readonly { readonly id: string }[];
  readonly encapsulating: readonly { readonly id: string }[];
}

async function flowRun(api: Api, fields: object = {}): Promise<string> {
  const flow_id = (await api.post("/flows/", { name: "f" })).id;
  return (await api.post("/flow_runs/", { flow_id, state: { type: "RUNNING" }, ...fields })).id;
}

/** Makes a task run whose inputs are the task runs `from` and that runs inside of `inside`. */
async function task(
  api: Api,
  flow_run_id: string,
  { name, from = [], inside = [] }: { name: string; from?: readonly string[]; inside?: readonly string[] },
): Promise<string> {
  const refer = (ids: readonly string[]) => ids.map((id) => ({ input_type: "task_run", id }));
  const task_inputs = { x: refer(from), y: refer(from), __parents__: refer(inside) };
  const run = { flow_run_id, task_key: name, dynamic_key: "0", name, task_inputs, state: { type: "PENDING" } };
  return (await api.post("/task_runs/", run)).id;
}

/** Nodes by label, with edges as lists of ids. */
async function nodesOf(api: Api, id: string, query = "") {
  const answer = await api.get(`/flow_runs/${id}/graph-v2${query}`);
  const nodes = answer.at("nodes") as readonly (readonly [string, GraphNode])[];
  const ids = (edges: readonly { readonly id: string }[]) => edges.map((edge) => edge.id);
  return nodes.map(([, { label, kind, parents, children, encapsulating }]) => ({
    label,
    kind,
    parents: ids(parents),
    children: ids(children),
    inside: ids(encapsulating),
  }));
}

forEachServer((start) => {
  test("nodes are linked by their inputs, each pair once", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const run = await flowRun(api);
    const first = await task(api, run, { name: "first" });
    const second = await task(api, run, { name: "second", from: [first] });
    const third = await task(api, run, { name: "third", from: [second, first], inside: [first] });

    expect(await nodesOf(api, run)).toEqual([
      { label: "first", kind: "task-run", parents: [], children: [second, third], inside: [] },
      { label: "second", kind: "task-run", parents: [first], children: [third], inside: [] },
      { label: "third", kind: "task-run", parents: [first, second], children: [], inside: [first] },
    ]);
  });

  test("a subflow stands in the place of its task run", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const run = await flowRun(api);
    const first = await task(api, run, { name: "first" });
    const parent_task_run_id = await task(api, run, { name: "calls the subflow", from: [first] });
    const child = await flowRun(api, { parent_task_run_id, name: "child" });

    expect(await nodesOf(api, run)).toEqual([
      { label: "first", kind: "task-run", parents: [], children: [child], inside: [] },
      { label: "f / child", kind: "flow-run", parents: [first], children: [], inside: [] },
    ]);
  });

  test("`since` leaves out what had ended, but not the edges to it", async () => {
    const clock = manualClock("2030-01-01T12:00:00Z");
    await using server = await start({ clock });
    const api = createApi(server.apiUrl);
    const run = await flowRun(api);
    const ended = await task(api, run, { name: "ended" });
    clock.advanceMs(1);
    await api.post(`/task_runs/${ended}/set_state`, { state: { type: "COMPLETED" }, force: true });
    clock.advanceMs(60_000);
    await task(api, run, { name: "goes on", from: [ended] });

    const nodes = await nodesOf(api, run, "?since=2030-01-01T12:00:30Z");

    expect(nodes).toEqual([{ label: "goes on", kind: "task-run", parents: [ended], children: [], inside: [] }]);
  });

  test("a graph with too many nodes is refused, in both forms", async () => {
    await using server = await start({ env: { PREFECT_SERVER_FLOW_RUN_GRAPH_MAX_NODES: "2" } });
    const api = createApi(server.apiUrl);
    const run = await flowRun(api);
    for (const name of ["a", "b", "c"]) await task(api, run, { name });

    const answers = [await api.get(`/flow_runs/${run}/graph-v2`), await api.get(`/flow_runs/${run}/graph`)];

    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(answers[0]?.at("detail")).toBe(`The graph of flow run ${run} has more than 2 nodes.`);
  });

  test("the older graph lists each upstream task run once and leaves other inputs out", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const run = await flowRun(api);
    const first = await task(api, run, { name: "first" });
    const task_inputs = {
      a: [
        { input_type: "task_run", id: first },
        { input_type: "parameter", name: "n" },
      ],
      b: [{ input_type: "task_run", id: first }],
    };
    await api.post("/task_runs/", { flow_run_id: run, task_key: "t", dynamic_key: "1", name: "second", task_inputs });

    const graph = (await api.get(`/flow_runs/${run}/graph`)).body as readonly Record<string, unknown>[];

    const upstream = Object.fromEntries(graph.map((node) => [node.name, node.upstream_dependencies]));
    expect(upstream).toEqual({ first: [], second: [{ input_type: "task_run", id: first }] });
  });
});
