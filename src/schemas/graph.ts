import * as s from "../kit/schema/schema.ts";
import { StateType } from "./state.ts";

export const GraphState = s.object("GraphState", {
  id: s.uuid(),
  timestamp: s.dateTime(),
  type: StateType,
  name: s.string(),
});
export type GraphState = s.Infer<typeof GraphState>;

export const GraphArtifact = s.object("GraphArtifact", {
  id: s.uuid(),
  created: s.dateTime(),
  key: s.nullable(s.string()),
  type: s.nullable(s.string()),
  is_latest: s.boolean(),
  data: s.nullable(s.json()),
});
export type GraphArtifact = s.Infer<typeof GraphArtifact>;

export const Edge = s.object("Edge", {
  id: s.uuid(),
});
export type Edge = s.Infer<typeof Edge>;

export const Node = s.object("Node", {
  kind: s.oneOf(["flow-run", "task-run"]),
  id: s.uuid(),
  label: s.string(),
  state_type: StateType,
  start_time: s.dateTime(),
  end_time: s.nullable(s.dateTime()),
  parents: s.array(Edge),
  children: s.array(Edge),
  encapsulating: s.array(Edge),
  artifacts: s.array(GraphArtifact),
});
export type Node = s.Infer<typeof Node>;

export const Graph = s.object("Graph", {
  start_time: s.nullable(s.dateTime()),
  end_time: s.nullable(s.dateTime()),
  root_node_ids: s.array(s.uuid()),
  nodes: s.array(s.tuple([s.uuid(), Node])),
  artifacts: s.array(GraphArtifact),
  states: s.array(GraphState),
});
export type Graph = s.Infer<typeof Graph>;
