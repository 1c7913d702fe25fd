import { findWorkPoolById } from "../../../db/repositories/work-pools.ts";
import { findWorkQueue } from "../../../db/repositories/work-queues.ts";
import type {
  PauseAutomation,
  PauseDeployment,
  PauseWorkPool,
  PauseWorkQueue,
  ResumeAutomation,
  ResumeDeployment,
  ResumeWorkPool,
  ResumeWorkQueue,
} from "../../../schemas/action.ts";
import { DeploymentNotFound, WorkQueueToChangeNotFound } from "../../errors.ts";
import { storeEvents } from "../../events/lifecycle.ts";
import { setDeploymentPaused } from "../../orchestration/update-deployment.ts";
import { changeWorkPool } from "../../orchestration/work-pools.ts";
import { changeWorkQueue } from "../../orchestration/work-queues.ts";
import { switchAutomation } from "../store-automation.ts";
import { type Act, ActionFailed } from "./action.ts";
import { chosenOrInferred, target } from "./inference.ts";

/** Pausing and resuming are the same twice as once. */
export const switchDeployment: Act<PauseDeployment | ResumeDeployment> = async ({ ctx, triggered, action, found }) => {
  const id = chosenOrInferred(triggered, { source: action.source, id: action.deployment_id, kind: "deployment" });
  found.related.push(target("deployment", id));
  if (!(await setDeploymentPaused(ctx, id, action.type === "pause-deployment"))) throw DeploymentNotFound();
  found.details.status_code = 200;
  return undefined;
};

export const switchWorkPool: Act<PauseWorkPool | ResumeWorkPool> = async ({ ctx, triggered, action, found }) => {
  const id = chosenOrInferred(triggered, { source: action.source, id: action.work_pool_id, kind: "work-pool" });
  const known = await findWorkPoolById(ctx.db.read, id);
  if (!known) throw new ActionFailed(`Work pool ${id} not found`);
  found.related.push(target("work-pool", id, known.name));
  return async (tx) => {
    const pool = await findWorkPoolById(tx, id);
    if (!pool) throw new ActionFailed(`Work pool ${id} not found`);
    const update = { is_paused: action.type === "pause-work-pool" };
    const events = await storeEvents(ctx, tx, (await changeWorkPool(ctx, tx, { pool, update })).events);
    return { events, details: { status_code: 204 } };
  };
};

export const switchWorkQueue: Act<PauseWorkQueue | ResumeWorkQueue> = async ({ ctx, triggered, action, found }) => {
  const id = chosenOrInferred(triggered, { source: action.source, id: action.work_queue_id, kind: "work-queue" });
  found.related.push(target("work-queue", id));
  return async (tx) => {
    const queue = await findWorkQueue(tx, id);
    if (!queue) throw WorkQueueToChangeNotFound(id);
    const update = { is_paused: action.type === "pause-work-queue" };
    const events = await storeEvents(ctx, tx, (await changeWorkQueue(ctx, tx, { queue, update })).events);
    return { events, details: { status_code: 204 } };
  };
};

export const switchAnAutomation: Act<PauseAutomation | ResumeAutomation> = async ({
  ctx,
  triggered,
  action,
  found,
}) => {
  const id = chosenOrInferred(triggered, { source: action.source, id: action.automation_id, kind: "automation" });
  found.related.push(target("automation", id));
  const automation = { enabled: action.type === "resume-automation" };
  await switchAutomation(ctx, id, { automation, given: new Set(["enabled"]) });
  found.details.status_code = 204;
  return undefined;
};
