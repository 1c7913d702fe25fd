import type { GraphArtifactRow, GraphInputsRow, GraphNodeRow } from "../../db/repositories/flow-run-graphs.ts";
import type { FlowRunStateRow } from "../../db/repositories/run-states.ts";
import type { Row } from "../../db/tables.ts";
import { parseJson } from "../../kit/json.ts";
import { isRecord } from "../../kit/schema/schema.ts";

/** What a graph is made of. */
export interface GraphParts {
  readonly run: Pick<Row<"flow_run">, "start_time" | "expected_start_time" | "end_time">;
  /** The nodes to show, in their order. */
  readonly nodes: readonly GraphNodeRow[];
  /** Of all nodes, shown or not. */
  readonly inputs: readonly GraphInputsRow[];
  readonly artifacts: readonly GraphArtifactRow[];
  readonly states: readonly FlowRunStateRow[];
}

/** A flow run's graph as the API gives it (`Graph`). */
export function graphView({ run, nodes, inputs, artifacts, states }: GraphParts) {
  const edges = edgesOf(inputs);
  const artifactsByTask = Map.groupBy(artifacts, ({ task_run_id }) => task_run_id);
  const artifactsOf = (taskRunId: string | null) => (artifactsByTask.get(taskRunId) ?? []).map(artifactView);
  const views = nodes.map((row) => {
    const node = nodeFields(row);
    return { ...node, ...edgeFields(edges, node.id), artifacts: artifactsOf(node.id) };
  });
  return {
    start_time: run.start_time ?? run.expected_start_time,
    end_time: run.end_time,
    root_node_ids: views.filter(({ parents }) => parents.length === 0).map(({ id }) => id),
    nodes: views.map((node) => [node.id, node] as const),
    artifacts: artifactsOf(null),
    states: states.map(({ id, timestamp, type, name }) => ({ id, timestamp, type, name })),
  };
}

/** A task run that stands for a subflow run is shown as that one. */
function nodeFields(row: GraphNodeRow) {
  const isSubflow = row.child_id !== null;
  return {
    kind: isSubflow ? "flow-run" : "task-run",
    id: row.child_id ?? row.task_run_id,
    label: isSubflow ? `${row.child_flow_name} / ${row.child_name}` : row.task_name,
    state_type: row.child_state_type ?? row.task_state_type,
    start_time:
      row.child_start_time ?? row.child_expected_start_time ?? row.task_start_time ?? row.task_expected_start_time,
    end_time: row.child_end_time ?? row.task_end_time ?? impliedEnd(row),
  } as const;
}

/** A task that never ran, because its result was known, ended when it was expected to start. */
function impliedEnd(row: GraphNodeRow) {
  return row.task_state_type === "COMPLETED" ? row.task_expected_start_time : null;
}

/** By node id, in the order of the other node's start; each other node once. */
interface Edges {
  readonly parents: ReadonlyMap<string, ReadonlySet<string>>;
  readonly children: ReadonlyMap<string, ReadonlySet<string>>;
  readonly encapsulating: ReadonlyMap<string, ReadonlySet<string>>;
}

type Links = Map<string, Set<string>>;

function edgesOf(rows: readonly GraphInputsRow[]): Edges {
  const order = new Map(rows.map((row, index) => [row.child_id ?? row.task_run_id, index]));
  const [parents, children, encapsulating]: [Links, Links, Links] = [new Map(), new Map(), new Map()];
  for (const row of rows) {
    const id = row.child_id ?? row.task_run_id;
    const { inside, upstream } = inputIds(row.task_inputs);
    const known = (ids: readonly string[]) => ids.filter((other) => order.has(other)).sort(byStart(order));
    for (const other of known(inside)) link(encapsulating, id, other);
    for (const other of known(upstream)) {
      link(parents, id, other);
      link(children, other, id);
    }
  }
  return { parents, children, encapsulating };
}

const byStart = (order: ReadonlyMap<string, number>) => (a: string, b: string) =>
  (order.get(a) ?? 0) - (order.get(b) ?? 0);

function link(links: Links, from: string, to: string): void {
  const known = links.get(from);
  if (known) known.add(to);
  else links.set(from, new Set([to]));
}

/** The runs that inputs name: `__parents__` are those it ran inside of, all other keys what it was given. */
function inputIds(taskInputs: string): { readonly inside: readonly string[]; readonly upstream: readonly string[] } {
  if (taskInputs === "{}") return { inside: [], upstream: [] };
  const inputs = parseJson(taskInputs);
  const entries = isRecord(inputs) ? Object.entries(inputs) : [];
  const idsIn = (value: unknown) =>
    (Array.isArray(value) ? value : []).flatMap((input) =>
      isRecord(input) && typeof input.id === "string" ? [input.id] : [],
    );
  return {
    inside: entries.flatMap(([key, value]) => (key === "__parents__" ? idsIn(value) : [])),
    upstream: entries.flatMap(([key, value]) => (key === "__parents__" ? [] : idsIn(value))),
  };
}

function edgeFields({ parents, children, encapsulating }: Edges, id: string) {
  const edges = (links: ReadonlyMap<string, ReadonlySet<string>>) =>
    [...(links.get(id) ?? [])].map((other) => ({ id: other }));
  return { parents: edges(parents), children: edges(children), encapsulating: edges(encapsulating) };
}

function artifactView({ id, created, key, type, data, latest_id }: GraphArtifactRow) {
  const is_latest = key === null || latest_id !== null;
  return { id, created, key, type, is_latest, data: type === "progress" && data !== null ? parseJson(data) : null };
}
