import type { Db } from "../../db/database.ts";
import {
  lockPolledDeployments,
  type PolledDeployment,
  updateDeploymentStatus,
} from "../../db/repositories/deployments.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import { updateWorkQueues, type WorkQueueRow } from "../../db/repositories/work-queues.ts";
import { relatedToDeployment, statusWord } from "../../domain/events/work-events.ts";
import type { ServerContext } from "../context.ts";
import { eventNow } from "../events/event-now.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { queueEvent } from "./work-queues.ts";

/** What a worker or runner has just asked for. */
export interface Poll {
  readonly deploymentIds?: readonly string[];
  readonly queues?: readonly WorkQueueRow[];
}

/**
 * Notes in the background that queues and deployments were polled: they are READY now. A poll that cannot be noted is
 * logged and forgotten, for the next one follows soon.
 */
export function notePoll(ctx: ServerContext, poll: Poll): void {
  const { deploymentIds = [], queues = [] } = poll;
  if (deploymentIds.length === 0 && queues.length === 0) return;
  writeWithEvents(ctx, async (tx) => {
    const queueEvents = await markQueuesPolled(ctx, tx, queues);
    const of = { ids: deploymentIds, queueIds: queues.map(({ id }) => id) };
    const deploymentEvents = await markDeployments(ctx, tx, { of, status: "READY" });
    return { result: undefined, events: [...queueEvents, ...deploymentEvents] };
  }).catch((error: unknown) => ctx.log.warn({ err: error }, "a poll could not be noted"));
}

async function markQueuesPolled(
  ctx: ServerContext,
  tx: Db,
  queues: readonly WorkQueueRow[],
): Promise<readonly NewEvent[]> {
  const now = ctx.db.dialect.timestamp(ctx.clock.now());
  const woken = queues.filter(({ status }) => status === "NOT_READY");
  const others = queues.filter(({ status }) => status !== "NOT_READY");
  await updateWorkQueues(tx, idsOf(others), { last_polled: now, updated: now });
  await updateWorkQueues(tx, idsOf(woken), { last_polled: now, updated: now, status: "READY" });
  return woken.map((queue) => queueEvent(ctx, "ready", queue));
}

/** Sets the status of the deployments with these ids or on these queues, and tells of those for which it is new. */
export async function markDeployments(
  ctx: ServerContext,
  tx: Db,
  change: {
    readonly of: { readonly ids?: readonly string[]; readonly queueIds?: readonly string[] };
    readonly status: "READY" | "NOT_READY";
  },
): Promise<readonly NewEvent[]> {
  const { of, status } = change;
  const deployments = await lockPolledDeployments(tx, of);
  const polled = status === "READY" ? { last_polled: ctx.db.dialect.timestamp(ctx.clock.now()) } : {};
  await updateDeploymentStatus(tx, idsOf(deployments), { status, ...polled });
  return deployments
    .filter((deployment) => deployment.status !== status)
    .map((deployment) => deploymentEvent(ctx, statusWord(status), deployment));
}

/** The event `prefect.deployment.<what>`. */
export function deploymentEvent(ctx: ServerContext, what: string, deployment: PolledDeployment): NewEvent {
  return eventNow(ctx, {
    event: `prefect.deployment.${what}`,
    resource: {
      "prefect.resource.id": `prefect.deployment.${deployment.id}`,
      "prefect.resource.name": deployment.name,
    },
    related: relatedToDeployment(deployment),
  });
}

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
