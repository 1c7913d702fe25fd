import type { TriggerInput } from "../../schemas/trigger.ts";
import type { WatchingTrigger } from "./bucket.ts";
import { type EventCriteria, eventCriteria } from "./event-criteria.ts";
import type { StoredAutomation } from "./firing.ts";

type EventDefinition = Extract<TriggerInput, { readonly type: "event" }>;
/** A trigger that fires when others have. */
export type CompositeTrigger = Exclude<TriggerInput, { readonly type: "event" }> & { readonly id: string };

/** An event trigger within an automation, ready to look at events. */
export interface WatchedTrigger extends WatchingTrigger {
  readonly id: string;
  readonly definition: EventDefinition;
  readonly criteria: EventCriteria;
  readonly automation: WatchedAutomation;
  /** The composite triggers around it, the innermost first. */
  readonly parents: readonly CompositeTrigger[];
}

/** An automation made ready. */
export interface WatchedAutomation {
  readonly stored: StoredAutomation;
  readonly eventTriggers: readonly WatchedTrigger[];
}

/** Makes an automation ready; one that is switched off watches nothing. */
export function watchedAutomation(stored: StoredAutomation): WatchedAutomation {
  const eventTriggers: WatchedTrigger[] = [];
  const automation = { stored, eventTriggers };
  const collect = (trigger: TriggerInput, parents: readonly CompositeTrigger[]) => {
    const { id = "" } = trigger;
    if (trigger.type === "event") {
      eventTriggers.push({ id, definition: trigger, criteria: eventCriteria(trigger), automation, parents });
    } else for (const child of trigger.triggers) collect(child, [{ ...trigger, id }, ...parents]);
  };
  if (stored.enabled) collect(stored.trigger, []);
  return automation;
}
