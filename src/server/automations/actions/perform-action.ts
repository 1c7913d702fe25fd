import { setTimeout as delay } from "node:timers/promises";
import type { Db } from "../../../db/database.ts";
import type { TriggeredAction } from "../../../domain/automations/firing.ts";
import { isRecord } from "../../../kit/schema/schema.ts";
import type { ActionInput } from "../../../schemas/action.ts";
import type { ServerContext } from "../../context.ts";
import { errorReply } from "../../error-reply.ts";
import { ActionClaimLost } from "../../errors.ts";
import { storeEvents } from "../../events/lifecycle.ts";
import { announce, type Outcome } from "../../orchestration/set-flow-run-state.ts";
import { type Act, type ActionCall, ActionFailed, type Change, type Findings } from "./action.ts";
import { actionEvents, type Told } from "./action-events.ts";
import { callWebhook } from "./call-webhook.ts";
import { declareIncident } from "./declare-incident.ts";
import { cancelFlowRun, changeFlowRunState, deleteFlowRun, resumeFlowRun, suspendFlowRun } from "./flow-run-actions.ts";
import { runDeploymentAction } from "./run-deployment.ts";
import { sendEmailNotification } from "./send-email-notification.ts";
import { sendNotification } from "./send-notification.ts";
import { switchAnAutomation, switchDeployment, switchWorkPool, switchWorkQueue } from "./switch-actions.ts";

/** Takes the action off the queue; throws when somebody else has taken it over, which undoes what was done. */
export type Finish = (tx: Db) => Promise<void>;

/**
 * Carries an action out and stores the events that tell of it, in the transaction of `finish`. What cannot be carried
 * out is a `failed` event.
 * @throws what may pass if it is tried again: the database is away or busy
 */
export async function performAction(ctx: ServerContext, triggered: TriggeredAction, finish: Finish): Promise<void> {
  const found: Findings = { related: [], details: {} };
  const conclude = (change?: Change, failure?: Failure) => store(ctx, { triggered, found, change, failure, finish });
  const outcome = await act(ctx, triggered, found).then(
    (change) =>
      change
        ? conclude(change).catch((error) => conclude(undefined, failureOf(error, triggered.action)))
        : untilStored(() => conclude()),
    (error) => {
      const failure = failureOf(error, triggered.action);
      return untilStored(() => conclude(undefined, failure));
    },
  );
  announce(ctx, outcome);
}

const STORE_ATTEMPTS = 20;
const STORE_AGAIN_MS = 500;

/** What was done outside was done: should the database be away just then, it is not for that done again. */
async function untilStored(conclude: () => Promise<Outcome>): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await conclude();
    } catch (error) {
      if (ActionClaimLost.is(error) || attempt === STORE_ATTEMPTS) throw error;
      await delay(STORE_AGAIN_MS);
    }
  }
}

/** Tells that an action has failed and is not to be tried again. */
export async function giveActionUp(
  ctx: ServerContext,
  triggered: TriggeredAction,
  { reason, finish }: { readonly reason: string; readonly finish: Finish },
): Promise<void> {
  const found: Findings = { related: [], details: {} };
  announce(ctx, await store(ctx, { triggered, found, failure: { reason, details: {} }, finish }));
}

type Acts = { readonly [T in ActionInput["type"]]: Act<Extract<ActionInput, { readonly type: T }>> };

const ACTS: Acts = {
  "do-nothing": async () => undefined,
  "run-deployment": runDeploymentAction,
  "pause-deployment": switchDeployment,
  "resume-deployment": switchDeployment,
  "cancel-flow-run": cancelFlowRun,
  "delete-flow-run": deleteFlowRun,
  "suspend-flow-run": suspendFlowRun,
  "resume-flow-run": resumeFlowRun,
  "change-flow-run-state": changeFlowRunState,
  "pause-work-queue": switchWorkQueue,
  "resume-work-queue": switchWorkQueue,
  "pause-work-pool": switchWorkPool,
  "resume-work-pool": switchWorkPool,
  "pause-automation": switchAnAutomation,
  "resume-automation": switchAnAutomation,
  "send-notification": sendNotification,
  "call-webhook": callWebhook,
  "declare-incident": declareIncident,
  "send-email-notification": sendEmailNotification,
};

async function act(ctx: ServerContext, triggered: TriggeredAction, found: Findings): Promise<Change | undefined> {
  const { action } = triggered;
  const perform = ACTS[action.type] as Act<ActionInput>;
  const call: ActionCall = { ctx, triggered, action, found };
  return await perform(call);
}

interface Failure {
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Conclusion {
  readonly triggered: TriggeredAction;
  readonly found: Findings;
  readonly change?: Change | undefined;
  readonly failure?: Failure | undefined;
  readonly finish: Finish;
}

function store(ctx: ServerContext, { triggered, found, change, failure, finish }: Conclusion): Promise<Outcome> {
  return ctx.db.write(async (tx) => {
    const changed = (await change?.(tx)) ?? {};
    const reason = failure?.reason ?? changed.failure;
    const details = { ...found.details, ...changed.details, ...failure?.details };
    const told: Told = { related: found.related, details, ...(reason === undefined ? {} : { reason }) };
    const events = actionEvents(ctx, triggered, told);
    await storeEvents(ctx, tx, events);
    await finish(tx);
    return { events: [...(changed.events ?? []), ...events], afterCommit: changed.afterCommit ?? [] };
  });
}

/** Why an action has failed, told as the answer of the API that it amounts to. @throws what is worth another try */
function failureOf(error: unknown, action: ActionInput): Failure {
  if (error instanceof ActionFailed) return { reason: error.reason, details: {} };
  const { status, body } = errorReply(error);
  if (status >= 500) throw error;
  const detail = isRecord(body) && "detail" in body ? body.detail : undefined;
  const details = {
    ...(TELLS_STATUS.has(action.type) ? { status_code: status } : {}),
    ...(action.type === "run-deployment" && status === 409 ? { validation_error: detail } : {}),
  };
  return { reason: reasonFor(action.type, { status, detail, text: JSON.stringify(body) }), details };
}

/** Actions that are a single call of the API, whose answer is told. */
const TELLS_STATUS: ReadonlySet<string> = new Set<ActionInput["type"]>([
  ...(["run-deployment", "pause-deployment", "resume-deployment", "cancel-flow-run", "delete-flow-run"] as const),
  ...(["suspend-flow-run", "change-flow-run-state", "pause-work-queue", "resume-work-queue"] as const),
  ...(["pause-work-pool", "resume-work-pool", "pause-automation", "resume-automation"] as const),
]);

function reasonFor(type: string, reply: { status: number; detail: unknown; text: string }): string {
  const { status, detail, text } = reply;
  if (status === 422 || (status === 409 && detail)) {
    return `Validation error occurred for '${type}'${detail ? ` - ${detail}` : ""}`;
  }
  return status === 409
    ? `Conflict (409) occurred for '${type}' - ${text}`
    : `Unexpected status from '${type}' action: ${status}`;
}
