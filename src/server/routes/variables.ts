import {
  countVariables,
  deleteVariable,
  findVariable,
  insertVariable,
  listVariables,
  updateVariable,
  type VariableKey,
} from "../../db/repositories/variables.ts";
import type { Row } from "../../db/tables.ts";
import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../../schemas/common.ts";
import { VariableFilter } from "../../schemas/filters/variable-filter.ts";
import { VariableSort } from "../../schemas/sorting.ts";
import { Variable, VariableCreate, VariableUpdate } from "../../schemas/variable.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { VariableExists, VariableNotFound } from "../errors.ts";
import { type LifecycleChange, lifecycleEvent, writeWithEvents } from "../events/lifecycle.ts";
import { slice, sliceParts } from "../paging.ts";
import { type Route, route } from "../route.ts";
import { variableView } from "../views/variable.ts";

const tag = "Variables";

export const variableRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/variables/",
    operationId: "create_variable_variables__post",
    tag,
    summary: "Create a variable.",
    body: VariableCreate,
    status: 201,
    response: Variable,
    handle: async (ctx, { body }) => variableView(await create(ctx, body)),
  }),

  route({
    method: "POST",
    path: "/variables/filter",
    operationId: "read_variables_variables_filter_post",
    tag,
    summary: "List variables.",
    body: parts("Body_read_variables_variables_filter_post", {
      ...sliceParts,
      variables: orAbsent(VariableFilter),
      sort: s.defaulted(VariableSort, "NAME_ASC"),
    }),
    response: s.array(Variable),
    async handle(ctx, { body }) {
      const rows = await listVariables(ctx.db.read, body.variables ?? {}, { sort: body.sort, ...slice(ctx, body) });
      return rows.map(variableView);
    },
  }),

  route({
    method: "POST",
    path: "/variables/count",
    operationId: "count_variables_variables_count_post",
    tag,
    summary: "Count variables.",
    body: parts("Body_count_variables_variables_count_post", { variables: orAbsent(VariableFilter) }),
    response: s.integer(),
    handle: (ctx, { body }) => countVariables(ctx.db.read, body.variables ?? {}),
  }),

  route({
    method: "GET",
    path: "/variables/{id:uuid}",
    operationId: "read_variable_variables__id__get",
    tag,
    summary: "Read one variable.",
    response: Variable,
    handle: (ctx, { params }) => read(ctx, { id: params.id }),
  }),

  route({
    method: "GET",
    path: "/variables/name/{name}",
    operationId: "read_variable_by_name_variables_name__name__get",
    tag,
    summary: "Read the variable of a name.",
    response: Variable,
    handle: (ctx, { params }) => read(ctx, { name: params.name ?? "" }),
  }),

  route({
    method: "PATCH",
    path: "/variables/{id:uuid}",
    operationId: "update_variable_variables__id__patch",
    tag,
    summary: "Change a variable.",
    body: VariableUpdate,
    status: 204,
    handle: (ctx, { params, body }) => update(ctx, { id: params.id }, body),
  }),

  route({
    method: "PATCH",
    path: "/variables/name/{name}",
    operationId: "update_variable_by_name_variables_name__name__patch",
    tag,
    summary: "Change the variable of a name.",
    body: VariableUpdate,
    status: 204,
    handle: (ctx, { params, body }) => update(ctx, { name: params.name ?? "" }, body),
  }),

  route({
    method: "DELETE",
    path: "/variables/{id:uuid}",
    operationId: "delete_variable_variables__id__delete",
    tag,
    summary: "Delete a variable.",
    status: 204,
    handle: (ctx, { params }) => remove(ctx, { id: params.id }),
  }),

  route({
    method: "DELETE",
    path: "/variables/name/{name}",
    operationId: "delete_variable_by_name_variables_name__name__delete",
    tag,
    summary: "Delete the variable of a name.",
    status: 204,
    handle: (ctx, { params }) => remove(ctx, { name: params.name ?? "" }),
  }),
];

async function read(ctx: ServerContext, key: VariableKey) {
  const row = await findVariable(ctx.db.read, key);
  if (!row) throw VariableNotFound();
  return variableView(row);
}

function create(ctx: ServerContext, { name, value, tags }: VariableCreate): Promise<Row<"variable">> {
  const at = now(ctx);
  const draft = { id: ctx.ids.next(), created: at, updated: at, name, value: json(value), tags: JSON.stringify(tags) };
  return writeWithEvents(ctx, async (tx) => {
    const row = await insertVariable(tx, draft);
    if (!row) throw VariableExists(name);
    return { result: row, events: [variableEvent(ctx, "created", row)] };
  });
}

async function update(ctx: ServerContext, key: VariableKey, { name, value, tags }: VariableUpdate): Promise<void> {
  const changes = {
    // Null is for the database to refuse.
    ...(name === undefined ? {} : { name: name as string }),
    ...(value === undefined ? {} : { value: json(value) }),
    ...(tags === undefined ? {} : { tags: json(tags) as string }),
    updated: now(ctx),
  };
  await writeWithEvents(ctx, async (tx) => {
    const row = await updateVariable(tx, key, changes);
    if (!row) throw VariableNotFound();
    return { result: undefined, events: [variableEvent(ctx, "updated", row)] };
  });
}

async function remove(ctx: ServerContext, key: VariableKey): Promise<void> {
  await writeWithEvents(ctx, async (tx) => {
    const row = await deleteVariable(tx, key);
    if (!row) throw VariableNotFound();
    return { result: undefined, events: [variableEvent(ctx, "deleted", row)] };
  });
}

function variableEvent(ctx: ServerContext, change: LifecycleChange["change"], row: Row<"variable">) {
  const { name, value, tags } = variableView(row);
  return lifecycleEvent(ctx, { kind: "variable", change, id: row.id, name, payload: { name, value, tags } });
}

const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
const now = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
