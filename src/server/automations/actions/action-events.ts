import type { NewEvent } from "../../../db/repositories/events.ts";
import type { TriggeredAction } from "../../../domain/automations/firing.ts";
import { secondsBetween } from "../../../kit/timestamp.ts";
import type { ServerContext } from "../../context.ts";
import type { Labels } from "./action.ts";

/** An action follows its event only while the two are closer than this. */
const TIGHT_SECONDS = 300;

/** What is told of an action that was carried out, or with a `reason` of one that was not. */
export interface Told {
  readonly related: readonly Labels[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly reason?: string;
}

/** Two events: that the action was triggered, and what came of it. */
export function actionEvents(ctx: ServerContext, triggered: TriggeredAction, told: Told): readonly NewEvent[] {
  const now = ctx.clock.now();
  const { automation, action, action_index, triggering_event: cause } = triggered;
  const details = { action_index, action_type: action.type, invocation: triggered.id };
  const about = { resource: resourceOf(automation), related: relatedOf(triggered, told.related), received: now };
  const id = ctx.ids.next();
  const isTight = cause !== null && Math.abs(secondsBetween(cause.occurred, triggered.triggered)) < TIGHT_SECONDS;
  const failure = told.reason === undefined ? {} : { reason: told.reason };
  return [
    {
      ...about,
      id,
      occurred: triggered.triggered,
      event: "prefect.automation.action.triggered",
      payload: details,
      follows: isTight ? cause.id : null,
    },
    {
      ...about,
      id: ctx.ids.next(),
      occurred: now,
      event: `prefect.automation.action.${told.reason === undefined ? "executed" : "failed"}`,
      payload: { ...details, ...failure, ...told.details },
      follows: id,
    },
  ];
}

function resourceOf({ id, name, trigger }: TriggeredAction["automation"]): Labels {
  return {
    "prefect.resource.id": `prefect.automation.${id}`,
    "prefect.resource.name": name,
    "prefect.trigger-type": trigger.type,
    ...("posture" in trigger ? { "prefect.posture": trigger.posture } : {}),
  };
}

function relatedOf(triggered: TriggeredAction, results: readonly Labels[]): readonly Labels[] {
  const { automation_triggered_event_id: changeId, triggering_event: cause } = triggered;
  return [
    ...results,
    ...(changeId ? [eventResource(changeId, "automation-triggered-event")] : []),
    ...(cause ? [eventResource(cause.id, "triggering-event")] : []),
  ];
}

function eventResource(id: string, role: string): Labels {
  return { "prefect.resource.id": `prefect.event.${id}`, "prefect.resource.role": role };
}
