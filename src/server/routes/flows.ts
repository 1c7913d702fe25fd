import {
  countFlows,
  deleteFlows,
  findFlow,
  findFlowByName,
  insertFlow,
  listFlows,
  updateFlow,
} from "../../db/repositories/flows.ts";
import type { Row } from "../../db/tables.ts";
import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../../schemas/common.ts";
import { DeploymentFilter } from "../../schemas/filters/deployment-filter.ts";
import { FlowFilter } from "../../schemas/filters/flow-filter.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../schemas/filters/task-run-filter.ts";
import { WorkPoolFilter } from "../../schemas/filters/work-pool-filter.ts";
import { Flow, FlowBulkDeleteResponse, FlowCreate, FlowPaginationResponse, FlowUpdate } from "../../schemas/flow.ts";
import { FlowSort } from "../../schemas/sorting.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { FlowNotFound } from "../errors.ts";
import { type LifecycleChange, lifecycleEvent, writeWithEvents } from "../events/lifecycle.ts";
import { numberedPage, pageAnswer, pageParts, slice, sliceParts } from "../paging.ts";
import { Reply, type Route, route } from "../route.ts";
import { flowView } from "../views/flow.ts";

const tag = "Flows";
/** Most flows that one request deletes. */
const MAX_DELETED = 50;

const filters = {
  flows: s.optional(FlowFilter),
  flow_runs: s.optional(FlowRunFilter),
  task_runs: s.optional(TaskRunFilter),
  deployments: s.optional(DeploymentFilter),
  work_pools: s.optional(WorkPoolFilter),
} as const;
const sort = s.defaulted(FlowSort, "NAME_ASC");

export const flowRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/flows/",
    operationId: "create_flow_flows__post",
    tag,
    summary: "Create a flow, or give the existing one of that name.",
    body: FlowCreate,
    response: Flow,
    async handle(ctx, { body }) {
      // Every run of a script asks for its flow: the usual answer needs no write.
      const known = await findFlowByName(ctx.db.read, body.name);
      if (known) return new Reply(200, flowView(known));
      const { row, isNew } = await createFlow(ctx, body);
      return new Reply(isNew ? 201 : 200, flowView(row));
    },
  }),

  route({
    method: "POST",
    path: "/flows/count",
    operationId: "count_flows_flows_count_post",
    tag,
    summary: "Count flows.",
    body: parts("Body_count_flows_flows_count_post", filters),
    response: s.integer(),
    handle: (ctx, { body }) => countFlows(ctx.db.read, body),
  }),

  route({
    method: "POST",
    path: "/flows/filter",
    operationId: "read_flows_flows_filter_post",
    tag,
    summary: "List flows.",
    body: parts("Body_read_flows_flows_filter_post", { ...sliceParts, ...filters, sort }),
    response: s.array(Flow),
    async handle(ctx, { body }) {
      const rows = await listFlows(ctx.db.read, body, { sort: body.sort, ...slice(ctx, body) });
      return rows.map(flowView);
    },
  }),

  route({
    method: "POST",
    path: "/flows/paginate",
    operationId: "paginate_flows_flows_paginate_post",
    tag,
    summary: "List flows by page, with the count of all.",
    body: parts("Body_paginate_flows_flows_paginate_post", {
      ...pageParts,
      flows: orAbsent(FlowFilter),
      flow_runs: orAbsent(FlowRunFilter),
      task_runs: orAbsent(TaskRunFilter),
      deployments: orAbsent(DeploymentFilter),
      work_pools: orAbsent(WorkPoolFilter),
      sort,
    }),
    response: FlowPaginationResponse,
    async handle(ctx, { body }) {
      const page = numberedPage(ctx, body);
      const rows = await listFlows(ctx.db.read, body, { sort: body.sort, ...page });
      return pageAnswer(page, rows.map(flowView), await countFlows(ctx.db.read, body));
    },
  }),

  route({
    method: "POST",
    path: "/flows/bulk_delete",
    operationId: "bulk_delete_flows_flows_bulk_delete_post",
    tag,
    summary: "Delete the flows that match, with their deployments and runs.",
    body: parts("Body_bulk_delete_flows_flows_bulk_delete_post", {
      flows: orAbsent(FlowFilter),
      limit: s.defaulted(s.integer({ ge: 1, le: MAX_DELETED }), MAX_DELETED),
    }),
    response: FlowBulkDeleteResponse,
    async handle(ctx, { body }) {
      const deleted = await writeWithEvents(ctx, async (tx) => {
        const matching = await listFlows(tx, { flows: body.flows }, { sort: "NAME_ASC", limit: body.limit, offset: 0 });
        return deletion(
          ctx,
          await deleteFlows(
            tx,
            matching.map(({ id }) => id),
          ),
        );
      });
      return { deleted: deleted.map(({ id }) => id) };
    },
  }),

  route({
    method: "GET",
    path: "/flows/name/{name}",
    operationId: "read_flow_by_name_flows_name__name__get",
    tag,
    summary: "Read the flow of a name.",
    response: Flow,
    handle: async (ctx, { params }) => found(await findFlowByName(ctx.db.read, params.name ?? "")),
  }),

  route({
    method: "GET",
    path: "/flows/{id:uuid}",
    operationId: "read_flow_flows__id__get",
    tag,
    summary: "Read one flow.",
    response: Flow,
    handle: async (ctx, { params }) => found(await findFlow(ctx.db.read, params.id)),
  }),

  route({
    method: "PATCH",
    path: "/flows/{id:uuid}",
    operationId: "update_flow_flows__id__patch",
    tag,
    summary: "Change a flow's tags.",
    body: FlowUpdate,
    status: 204,
    async handle(ctx, { params, body }) {
      const tags = body.tags === undefined ? {} : { tags: JSON.stringify(body.tags) };
      await writeWithEvents(ctx, async (tx) => {
        const row = await updateFlow(tx, params.id, { ...tags, updated: now(ctx) });
        if (!row) throw FlowNotFound();
        return { result: row, events: [flowEvent(ctx, "updated", row)] };
      });
    },
  }),

  route({
    method: "DELETE",
    path: "/flows/{id:uuid}",
    operationId: "delete_flow_flows__id__delete",
    tag,
    summary: "Delete a flow with its deployments and runs.",
    status: 204,
    async handle(ctx, { params }) {
      const deleted = await writeWithEvents(ctx, async (tx) => deletion(ctx, await deleteFlows(tx, [params.id])));
      if (deleted.length === 0) throw FlowNotFound();
    },
  }),
];

function found(row: Row<"flow"> | undefined) {
  if (!row) throw FlowNotFound();
  return flowView(row);
}

function createFlow(ctx: ServerContext, flow: FlowCreate) {
  const labels = flow.labels === null ? null : JSON.stringify(flow.labels);
  return writeWithEvents(ctx, async (tx) => {
    const at = { created: now(ctx), updated: now(ctx) };
    const draft = { id: ctx.ids.next(), ...at, name: flow.name, tags: JSON.stringify(flow.tags), labels };
    const inserted = await insertFlow(tx, draft);
    if (inserted) return { result: { row: inserted, isNew: true }, events: [flowEvent(ctx, "created", inserted)] };
    const known = (await findFlowByName(tx, flow.name)) as Row<"flow">;
    return { result: { row: known, isNew: false }, events: [] };
  });
}

function deletion(ctx: ServerContext, rows: readonly Row<"flow">[]) {
  return { result: rows, events: rows.map((row) => flowEvent(ctx, "deleted", row)) };
}

function flowEvent(ctx: ServerContext, change: LifecycleChange["change"], row: Row<"flow">) {
  const { name, tags, labels } = flowView(row);
  return lifecycleEvent(ctx, { kind: "flow", change, id: row.id, name, payload: { name, tags, labels } });
}

const now = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
