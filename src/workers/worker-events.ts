import { CLIENT_VERSION } from "../client/links/headers.ts";
import type { DeploymentResponse as Deployment } from "../schemas/deployment.ts";
import type { Event } from "../schemas/event.ts";
import type { Flow } from "../schemas/flow.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import type { WorkerContext, WorkerIdentity } from "./context.ts";
import type { JobEnd } from "./infrastructure.ts";

type Labels = Record<string, string>;

export interface EventSubject {
  readonly run: FlowRun;
  readonly flow: Flow;
  readonly deployment: Deployment | undefined;
}

/** `prefect.worker.started`, or `.stopped`, which follows it. */
export function emitWorkerEvent(ctx: WorkerContext, what: "started" | "stopped", follows?: Event): Event {
  return emit(ctx, { event: `prefect.worker.${what}`, related: poolResources(ctx), follows });
}

export function emitSubmitted(ctx: WorkerContext, subject: EventSubject): Event {
  const related = [...subjectResources(subject), ...poolResources(ctx)];
  return emit(ctx, { event: "prefect.worker.submitted-flow-run", related });
}

/** Says how the infrastructure of a run ended. */
export function emitExecuted(
  ctx: WorkerContext,
  subject: EventSubject,
  { submitted, end }: { readonly submitted: Event; readonly end: JobEnd },
): void {
  const outcome = {
    "prefect.infrastructure.identifier": end.identifier,
    "prefect.infrastructure.status-code": String(end.status),
  };
  const related = [...subjectResources(subject, outcome), ...poolResources(ctx)];
  emit(ctx, { event: "prefect.worker.executed-flow-run", related, follows: submitted });
}

function emit(
  { events, ids, clock, identity }: WorkerContext,
  what: { readonly event: string; readonly related: readonly Labels[]; readonly follows?: Event | undefined },
): Event {
  const event = {
    id: ids.next(),
    occurred: clock.now(),
    event: what.event,
    resource: workerResource(identity),
    related: [...what.related],
    payload: {},
    follows: what.follows?.id ?? null,
  };
  events.emit(event);
  return event;
}

function workerResource({ name, type }: WorkerIdentity): Labels {
  return {
    "prefect.resource.id": `prefect.worker.${type}.${slug(name)}`,
    "prefect.resource.name": name,
    "prefect.version": CLIENT_VERSION,
    "prefect.worker-type": type,
  };
}

/** `Worker of Zoë` → `worker-of-zoe`. */
function slug(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{Mark}/gu, "");
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

function poolResources(ctx: WorkerContext): readonly Labels[] {
  const pool = ctx.pool();
  return pool ? [resource("work-pool", pool)] : [];
}

function subjectResources({ run, flow, deployment }: EventSubject, ofRun: Labels = {}): readonly Labels[] {
  const tags = new Set([...(deployment?.tags ?? []), ...flow.tags, ...run.tags]);
  return [
    ...(deployment ? [resource("deployment", deployment)] : []),
    resource("flow", flow),
    { ...resource("flow-run", run), ...ofRun },
    ...[...tags]
      .toSorted()
      .map((tag) => ({ "prefect.resource.id": `prefect.tag.${tag}`, "prefect.resource.role": "tag" })),
  ];
}

function resource(kind: string, { id, name }: { readonly id: string; readonly name: string }): Labels {
  return {
    "prefect.resource.id": `prefect.${kind}.${id}`,
    "prefect.resource.role": kind,
    "prefect.resource.name": name,
  };
}
