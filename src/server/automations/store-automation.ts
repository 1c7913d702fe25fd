import type { Db } from "../../db/database.ts";
import {
  findAutomation,
  forgetDeploymentsOfAutomation,
  insertAutomation,
  relateAutomation,
  updateAutomation,
} from "../../db/repositories/automations.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import type { Row, RowChanges } from "../../db/tables.ts";
import type { ActionInput } from "../../schemas/action.ts";
import type { AutomationCreate, AutomationPartialUpdate, AutomationUpdate } from "../../schemas/automation.ts";
import { findRunDeploymentLoop } from "../../schemas/run-deployment-loops.ts";
import type { TriggerInput } from "../../schemas/trigger.ts";
import type { ServerContext } from "../context.ts";
import { AutomationNotFound, InvalidRequest } from "../errors.ts";
import { type LifecycleChange, lifecycleEvent, writeWithEvents } from "../events/lifecycle.ts";
import { automationView } from "../views/automation.ts";
import { checkRunDeploymentActions } from "./check-actions.ts";

/** Stores a new automation, its triggers under ids of their own. @throws DeploymentToChangeNotFound, AutomationRefused */
export async function createAutomation(ctx: ServerContext, automation: AutomationCreate): Promise<Row<"automation">> {
  const { owner_resource, name, description, enabled, actions } = automation;
  const id = ctx.ids.next();
  const at = now(ctx);
  const columns = { name, description, enabled, ...jsonColumns(ctx, automation) };
  const created = await writeWithEvents(ctx, async (tx) => {
    await checkRunDeploymentActions(ctx, tx, { actions, isNew: true });
    const row = await insertAutomation(tx, { id, created: at, updated: at, ...columns });
    await relateDeployments(ctx, tx, { automationId: id, actions });
    if (owner_resource) await relate(ctx, tx, { automationId: id, resourceId: owner_resource, isOwner: true });
    return { result: row, events: [automationEvent(ctx, "created", row)] };
  });
  await ctx.automations.announce(id, "created");
  return created;
}

/** An update, and which of its fields the client has named: the others stay as they are. */
interface Update<T> {
  readonly automation: T;
  readonly given: ReadonlySet<string>;
}

/** @throws AutomationNotFound, DeploymentToChangeNotFound, AutomationRefused */
export async function replaceAutomation(
  ctx: ServerContext,
  id: string,
  { automation, given }: Update<AutomationUpdate>,
): Promise<void> {
  const { name, description, enabled, actions } = automation;
  const columns = { name, description, enabled, ...jsonColumns(ctx, automation) };
  const changes = Object.fromEntries(Object.entries(columns).filter(([column]) => given.has(column)));
  await writeWithEvents(ctx, async (tx) => {
    await checkRunDeploymentActions(ctx, tx, { actions, isNew: false });
    const row = await change(ctx, tx, { id, changes });
    await forgetDeploymentsOfAutomation(tx, id);
    await relateDeployments(ctx, tx, { automationId: id, actions });
    return { result: undefined, events: [automationEvent(ctx, "updated", row)] };
  });
  await ctx.automations.announce(id, "updated");
}

/** Switches an automation on or off. @throws AutomationNotFound, InvalidRequest */
export async function switchAutomation(
  ctx: ServerContext,
  id: string,
  { automation, given }: Update<AutomationPartialUpdate>,
): Promise<void> {
  await writeWithEvents(ctx, async (tx) => {
    const found = await findAutomation(tx, id);
    if (!found) throw AutomationNotFound();
    checkSwitched(found, automation);
    const row = await change(ctx, tx, { id, changes: given.has("enabled") ? { enabled: automation.enabled } : {} });
    return { result: undefined, events: [automationEvent(ctx, "updated", row)] };
  });
  await ctx.automations.announce(id, "updated");
}

export function automationEvent(
  ctx: ServerContext,
  change: LifecycleChange["change"],
  row: Row<"automation">,
): NewEvent {
  return lifecycleEvent(ctx, { kind: "automation", change, id: row.id, name: row.name, payload: automationView(row) });
}

/** An automation that was stored switched off may be one that must not be switched on. */
function checkSwitched(row: Row<"automation">, update: AutomationPartialUpdate): void {
  const automation = { ...automationView(row), ...update };
  const loop = findRunDeploymentLoop(automation);
  if (loop === undefined) return;
  const issue = { type: "value_error", loc: [], msg: `Value error, ${loop}`, input: automation, ctx: { error: {} } };
  throw InvalidRequest([issue], update);
}

async function change(
  ctx: ServerContext,
  tx: Db,
  { id, changes }: { readonly id: string; readonly changes: RowChanges<"automation"> },
): Promise<Row<"automation">> {
  const row = await updateAutomation(tx, id, { ...changes, updated: now(ctx) });
  if (!row) throw AutomationNotFound();
  return row;
}

async function relateDeployments(
  ctx: ServerContext,
  tx: Db,
  of: { readonly automationId: string; readonly actions: readonly ActionInput[] },
): Promise<void> {
  const ids = of.actions.flatMap((action) =>
    action.type === "run-deployment" && action.deployment_id ? [action.deployment_id] : [],
  );
  for (const id of new Set(ids)) {
    const resourceId = `prefect.deployment.${id}`;
    await relate(ctx, tx, { automationId: of.automationId, resourceId, isOwner: false });
  }
}

function relate(
  ctx: ServerContext,
  tx: Db,
  to: { readonly automationId: string; readonly resourceId: string; readonly isOwner: boolean },
): Promise<void> {
  const { automationId: automation_id, resourceId: resource_id, isOwner } = to;
  return relateAutomation(tx, { id: ctx.ids.next(), automation_id, resource_id, isOwner, now: now(ctx) });
}

function jsonColumns(ctx: ServerContext, automation: AutomationUpdate) {
  const { tags, trigger, actions, actions_on_trigger, actions_on_resolve } = automation;
  return {
    tags: JSON.stringify(tags),
    trigger: JSON.stringify(withNewIds(ctx, trigger)),
    actions: JSON.stringify(actions),
    actions_on_trigger: JSON.stringify(actions_on_trigger),
    actions_on_resolve: JSON.stringify(actions_on_resolve),
  };
}

/** Ids that the client made up are not kept: what the server remembers of one trigger must not reach another. */
function withNewIds(ctx: ServerContext, trigger: TriggerInput): TriggerInput {
  const id = ctx.ids.next();
  return "triggers" in trigger
    ? { ...trigger, id, triggers: trigger.triggers.map((child) => withNewIds(ctx, child)) }
    : { ...trigger, id };
}

const now = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());
