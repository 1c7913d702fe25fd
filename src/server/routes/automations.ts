import {
  countAutomations,
  deleteAutomation,
  deleteOwnedAutomations,
  findAutomation,
  listAutomations,
  listRelatedAutomations,
} from "../../db/repositories/automations.ts";
import * as s from "../../kit/schema/schema.ts";
import { Automation, AutomationCreate, AutomationPartialUpdate, AutomationUpdate } from "../../schemas/automation.ts";
import { orAbsent } from "../../schemas/common.ts";
import { AutomationFilter } from "../../schemas/filters/automation-filter.ts";
import { AutomationSort } from "../../schemas/sorting.ts";
import {
  automationEvent,
  createAutomation,
  replaceAutomation,
  switchAutomation,
} from "../automations/store-automation.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { AutomationNotFound } from "../errors.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { slice, sliceParts } from "../paging.ts";
import { type Route, route } from "../route.ts";
import { automationView } from "../views/automation.ts";

const tag = "Automations";

export const automationRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/automations/",
    operationId: "create_automation_automations__post",
    tag,
    summary: "Create an automation.",
    body: AutomationCreate,
    status: 201,
    response: Automation,
    handle: async (ctx, { body }) => automationView(await createAutomation(ctx, body)),
  }),

  route({
    method: "PUT",
    path: "/automations/{id:uuid}",
    operationId: "update_automation_automations__id__put",
    tag,
    summary: "Replace an automation.",
    body: AutomationUpdate,
    status: 204,
    handle: (ctx, { params, body, sent }) =>
      replaceAutomation(ctx, params.id, { automation: body, given: keysOf(sent) }),
  }),

  route({
    method: "PATCH",
    path: "/automations/{id:uuid}",
    operationId: "patch_automation_automations__id__patch",
    tag,
    summary: "Switch an automation on or off.",
    body: AutomationPartialUpdate,
    status: 204,
    handle: (ctx, { params, body, sent }) =>
      switchAutomation(ctx, params.id, { automation: body, given: keysOf(sent) }),
  }),

  route({
    method: "DELETE",
    path: "/automations/{id:uuid}",
    operationId: "delete_automation_automations__id__delete",
    tag,
    summary: "Delete an automation.",
    status: 204,
    handle: (ctx, { params }) => remove(ctx, params.id),
  }),

  route({
    method: "GET",
    path: "/automations/{id:uuid}",
    operationId: "read_automation_automations__id__get",
    tag,
    summary: "Read one automation.",
    response: Automation,
    async handle(ctx, { params }) {
      const row = await findAutomation(ctx.db.read, params.id);
      if (!row) throw AutomationNotFound();
      return automationView(row);
    },
  }),

  route({
    method: "POST",
    path: "/automations/filter",
    operationId: "read_automations_automations_filter_post",
    tag,
    summary: "List automations.",
    body: parts("Body_read_automations_automations_filter_post", {
      sort: s.defaulted(AutomationSort, "NAME_ASC"),
      ...sliceParts,
      automations: orAbsent(AutomationFilter),
    }),
    response: s.array(Automation),
    async handle(ctx, { body }) {
      const rows = await listAutomations(ctx.db.read, body.automations ?? {}, { sort: body.sort, ...slice(ctx, body) });
      return rows.map(automationView);
    },
  }),

  route({
    method: "POST",
    path: "/automations/count",
    operationId: "count_automations_automations_count_post",
    tag,
    summary: "Count automations.",
    body: parts("Body_count_automations_automations_count_post", { automations: orAbsent(AutomationFilter) }),
    response: s.integer(),
    handle: (ctx, { body }) => countAutomations(ctx.db.read, body.automations ?? {}),
  }),

  route({
    method: "GET",
    path: "/automations/related-to/{resource_id}",
    operationId: "read_automations_related_to_resource_automations_related_to__resource_id__get",
    tag,
    summary: "List the automations that concern a resource.",
    response: s.array(Automation),
    async handle(ctx, { params }) {
      const rows = await listRelatedAutomations(ctx.db.read, params.resource_id ?? "");
      return rows.map(automationView);
    },
  }),

  route({
    method: "DELETE",
    path: "/automations/owned-by/{resource_id}",
    operationId: "delete_automations_owned_by_resource_automations_owned_by__resource_id__delete",
    tag,
    summary: "Delete the automations that belong to a resource.",
    status: 202,
    async handle(ctx, { params }) {
      const createdBefore = ctx.db.dialect.timestamp(ctx.clock.now());
      await ctx.db.write((tx) => deleteOwnedAutomations(tx, params.resource_id ?? "", createdBefore));
      await ctx.automations.refresh(ctx.db.read);
      return null;
    },
  }),
];

async function remove(ctx: ServerContext, id: string): Promise<void> {
  await writeWithEvents(ctx, async (tx) => {
    const row = await deleteAutomation(tx, id);
    if (!row) throw AutomationNotFound();
    return { result: undefined, events: [automationEvent(ctx, "deleted", row)] };
  });
  await ctx.automations.announce(id, "deleted");
}

function keysOf(sent: unknown): ReadonlySet<string> {
  return new Set(s.isRecord(sent) ? Object.keys(sent) : []);
}
