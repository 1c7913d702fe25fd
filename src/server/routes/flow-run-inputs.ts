import { isIntegrityViolation } from "../../db/errors.ts";
import {
  deleteFlowRunInputs,
  findFlowRunInput,
  insertFlowRunInput,
  listFlowRunInputs,
} from "../../db/repositories/flow-run-inputs.ts";
import * as s from "../../kit/schema/schema.ts";
import { FlowRunInput } from "../../schemas/flow-run.ts";
import { parts } from "../body-parts.ts";
import { FlowRunInputExists, FlowRunInputNotFound, FlowRunNotFound } from "../errors.ts";
import { Reply, type Route, route } from "../route.ts";

const tag = "Flow Runs";

const Key = s.refine(s.string(), (key) =>
  /^[a-z0-9-]*$/.test(key) ? undefined : "value must only contain lowercase letters, numbers, and dashes.",
);

/** A client's own business with a run: JSON text under a key. */
export const flowRunInputRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/flow_runs/{id:uuid}/input",
    operationId: "create_flow_run_input_flow_runs__id__input_post",
    tag,
    summary: "Store an input of a flow run under a new key.",
    body: parts("Body_create_flow_run_input_flow_runs__id__input_post", {
      key: Key,
      value: s.bytes(),
      sender: s.optional(s.nullable(s.string())),
    }),
    status: 201,
    async handle(ctx, { params, body }) {
      const created = ctx.db.dialect.timestamp(ctx.clock.now());
      const { key, value, sender = null } = body;
      const input = { id: ctx.ids.next(), created, updated: created, flow_run_id: params.id, key, value, sender };
      const isNew = await ctx.db
        .write((tx) => insertFlowRunInput(tx, input))
        .catch((error: unknown) => {
          // The key's own conflict is no error, so only the run can be missing.
          throw isIntegrityViolation(error) ? FlowRunNotFound() : error;
        });
      if (!isNew) throw FlowRunInputExists();
      return null;
    },
  }),

  route({
    method: "POST",
    path: "/flow_runs/{id:uuid}/input/filter",
    operationId: "filter_flow_run_input_flow_runs__id__input_filter_post",
    tag,
    summary: "List inputs of a flow run by the beginning of their keys, oldest first.",
    body: parts("Body_filter_flow_run_input_flow_runs__id__input_filter_post", {
      prefix: s.string(),
      limit: s.defaulted(s.integer(), 1),
      exclude_keys: s.defaulted(s.array(s.string()), []),
    }),
    response: s.array(FlowRunInput),
    handle: (ctx, { params, body }) =>
      listFlowRunInputs(ctx.db.read, {
        flow_run_id: params.id,
        prefix: body.prefix,
        excludeKeys: body.exclude_keys,
        limit: Math.min(Math.max(0, body.limit), Number.MAX_SAFE_INTEGER),
      }),
  }),

  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}/input/{key}",
    operationId: "read_flow_run_input_flow_runs__id__input__key__get",
    tag,
    summary: "Read the value of an input, as plain text.",
    async handle(ctx, { params }) {
      const input = await findFlowRunInput(ctx.db.read, { flow_run_id: params.id, key: params.key ?? "" });
      if (!input) throw FlowRunInputNotFound();
      return new Reply(200, input.value, { "content-type": "text/plain; charset=utf-8" });
    },
  }),

  route({
    method: "DELETE",
    path: "/flow_runs/{id:uuid}/input/{key}",
    operationId: "delete_flow_run_input_flow_runs__id__input__key__delete",
    tag,
    summary: "Delete an input.",
    status: 204,
    async handle(ctx, { params }) {
      const deleted = await ctx.db.write((tx) => deleteFlowRunInputs(tx, params.id, [params.key ?? ""]));
      if (deleted === 0) throw FlowRunInputNotFound();
    },
  }),
];
