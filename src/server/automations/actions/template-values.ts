import { findConcurrencyLimit } from "../../../db/repositories/concurrency-limits.ts";
import { listDeploymentSchedules } from "../../../db/repositories/deployment-schedules.ts";
import { findDeployment } from "../../../db/repositories/deployments.ts";
import { findFlowRun } from "../../../db/repositories/flow-runs.ts";
import { findFlow } from "../../../db/repositories/flows.ts";
import { findTaskRun } from "../../../db/repositories/task-runs.ts";
import { listVariables } from "../../../db/repositories/variables.ts";
import { findWorkPoolById } from "../../../db/repositories/work-pools.ts";
import { findWorkQueue } from "../../../db/repositories/work-queues.ts";
import type { Firing, SeenEvent, TriggeredAction } from "../../../domain/automations/firing.ts";
import { fromJson } from "../../../domain/templates/from-json.ts";
import { type Links, labelsValue, modelValue, resourceValue } from "../../../domain/templates/models.ts";
import { mentions } from "../../../domain/templates/names-in.ts";
import { Dict, type NamedValues, type Value } from "../../../domain/templates/values.ts";
import { parseJson } from "../../../kit/json.ts";
import { parseTemplate } from "../../../schemas/templates/parse-template.ts";
import type { ServerContext } from "../../context.ts";
import { globalLimitView } from "../../views/concurrency-limit.ts";
import { deploymentView } from "../../views/deployment.ts";
import { flowView } from "../../views/flow.ts";
import { flowRunView } from "../../views/flow-run.ts";
import { taskRunView } from "../../views/task-run.ts";
import { workPoolView, workQueueView } from "../../views/work-pool.ts";
import type { Labels } from "./action.ts";
import { firstOfKind, idOfKind } from "./inference.ts";

const MAX_VARIABLES = 1000;

/** What an action's templates may speak of; objects of the API are looked up only if some template mentions them. */
export async function templateValues(
  ctx: ServerContext,
  triggered: TriggeredAction,
  templates: readonly string[],
): Promise<NamedValues> {
  const { automation, triggering_event: event, triggering_labels, firing } = triggered;
  const firings = allFirings(firing);
  const values: Record<string, Value> = {
    automation: modelValue("Automation", automation, {
      links: linksFor(ctx, "automation", automation.id),
      special: new Map([["trigger", modelValue("Trigger", { ...automation.trigger })]]),
    }),
    event: event && eventValue(ctx, event),
    labels: labelsValue(triggering_labels),
    firing: firingValue(ctx, firing),
    firings: firings.map((each) => firingValue(ctx, each)),
    events: firings.flatMap((each) => (each.triggering_event ? [eventValue(ctx, each.triggering_event)] : [])),
  };
  if (!event) return values;
  const bodies = templates.map(parseTemplate);
  for (const [name, load] of Object.entries(OBJECTS)) {
    if (bodies.some((body) => mentions(body, name))) values[name] = await loadObject(ctx, { event, name, load });
  }
  if (bodies.some((body) => mentions(body, "variables"))) values.variables = await loadVariables(ctx);
  return values;
}

type Shown = Readonly<Record<string, unknown>>;

/** How each object is found by its id, and shown as the API does. */
const OBJECTS: Readonly<Record<string, (ctx: ServerContext, id: string) => Promise<Shown | undefined>>> = {
  async deployment(ctx, id) {
    const row = await findDeployment(ctx.db.read, id);
    return row && deploymentView(row, await listDeploymentSchedules(ctx.db.read, [row.id]));
  },
  async flow(ctx, id) {
    const row = await findFlow(ctx.db.read, id);
    return row && flowView(row);
  },
  async flow_run(ctx, id) {
    const row = await findFlowRun(ctx.db.read, id);
    return row && flowRunView(row, ctx.clock.now());
  },
  async task_run(ctx, id) {
    const row = await findTaskRun(ctx.db.read, id);
    return row && taskRunView(row, ctx.clock.now());
  },
  async work_pool(ctx, id) {
    const row = await findWorkPoolById(ctx.db.read, id);
    return row && workPoolView(row, new Map(), {});
  },
  async work_queue(ctx, id) {
    const row = await findWorkQueue(ctx.db.read, id);
    return row && workQueueView(row, new Map());
  },
  async concurrency_limit(ctx, id) {
    const row = await findConcurrencyLimit(ctx.db.read, { id });
    return row && globalLimitView(row, ctx.clock.now());
  },
};

async function loadObject(
  ctx: ServerContext,
  of: { readonly event: SeenEvent; readonly name: string; readonly load: (typeof OBJECTS)[string] },
): Promise<Value> {
  const kind = of.name.replaceAll("_", "-");
  const resource = firstOfKind(of.event, `prefect.${kind}`);
  const id = idOfKind(resource?.["prefect.resource.id"], `prefect.${kind}`);
  const shown = id === undefined ? undefined : await of.load(ctx, id);
  if (!resource || !shown || id === undefined) return null;
  const special = new Map(of.name.endsWith("_run") ? [["state", stateValue(resource, shown.state)]] : []);
  return modelValue(of.name, shown, { links: linksFor(ctx, kind, id), special });
}

/** The state that the event tells of: the run may have gone on since. */
function stateValue(resource: Labels, current: unknown): Value {
  const type = resource["prefect.state-type"];
  const name = resource["prefect.state-name"];
  const message = resource["prefect.state-message"];
  const timestamp = resource["prefect.state-timestamp"]?.replace(/\+00:00$/, "Z");
  if (type === undefined || name === undefined || message === undefined || timestamp === undefined) {
    return typeof current === "object" && current !== null ? modelValue("State", { ...current }) : null;
  }
  return modelValue("State", { type, name, timestamp, message });
}

async function loadVariables(ctx: ServerContext): Promise<Value> {
  const rows = await listVariables(ctx.db.read, {}, { sort: "NAME_ASC", limit: MAX_VARIABLES, offset: 0 });
  return Dict.from(rows.map(({ name, value }) => [name, value === null ? null : fromJson(parseJson(value))]));
}

function eventValue(ctx: ServerContext, event: SeenEvent): Value {
  const resource = resourceValue(event.resource, linksOf(ctx, event.resource));
  const related = event.related.map((each) => resourceValue(each, linksOf(ctx, each)));
  const roles = event.related.map(
    (each, index) => [each["prefect.resource.role"] ?? "", related[index] ?? null] as const,
  );
  const shown = modelValue(
    "ReceivedEvent",
    { ...event },
    {
      special: new Map<string, Value>([
        ["resource", resource],
        ["related", related],
        ["involved_resources", [resource, ...related]],
        // The first of a role, as one looks for it.
        ["resource_in_role", Dict.from(roles.toReversed())],
      ]),
    },
  );
  return shown;
}

function firingValue(ctx: ServerContext, firing: Firing): Value {
  const { triggering_event: event } = firing;
  return modelValue(
    "Firing",
    { ...firing },
    {
      special: new Map<string, Value>([
        ["trigger", modelValue("Trigger", { ...firing.trigger })],
        ["triggering_event", event && eventValue(ctx, event)],
        ["triggering_firings", firing.triggering_firings.map((each) => firingValue(ctx, each))],
      ]),
    },
  );
}

function allFirings(firing: Firing): readonly Firing[] {
  return [firing, ...firing.triggering_firings.flatMap(allFirings)];
}

const PAGES: Readonly<Record<string, string>> = {
  flow: "flows/flow",
  "flow-run": "runs/flow-run",
  "task-run": "runs/task-run",
  "work-pool": "work-pools/work-pool",
  "work-queue": "work-queues/work-queue",
  "concurrency-limit": "concurrency-limits/concurrency-limit",
  deployment: "deployments/deployment",
  automation: "automations/automation",
  "block-document": "blocks/block",
};

function linksOf(ctx: ServerContext, labels: Labels): Links {
  const id = labels["prefect.resource.id"] ?? "";
  const [, kind = "", object = ""] = /^prefect\.([a-z-]+)\.(.+)$/.exec(id) ?? [];
  return { ...linksFor(ctx, kind, object), events: eventsUrl(ctx, id) };
}

function linksFor(ctx: ServerContext, kind: string, id: string): Links {
  const base = ctx.settings.ui_url;
  const page = Object.hasOwn(PAGES, kind) ? PAGES[kind] : undefined;
  return {
    page: base && page ? `${base.replace(/\/$/, "")}/${page}/${id}` : null,
    events: eventsUrl(ctx, `prefect.${kind}.${id}`),
  };
}

function eventsUrl(ctx: ServerContext, resourceId: string): string {
  const base = ctx.settings.ui_url;
  return `${base ? `${base.replace(/\/$/, "")}/` : ""}events?resource=${resourceId}`;
}
