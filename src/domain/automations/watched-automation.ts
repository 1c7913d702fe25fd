import type { MetricTriggerInput, TriggerInput } from "../../schemas/trigger.ts";
import type { WatchingTrigger } from "./bucket.ts";
import { type EventCriteria, eventCriteria, resourceCriteria } from "./event-criteria.ts";
import type { SeenEvent, StoredAutomation } from "./firing.ts";

type EventDefinition = Extract<TriggerInput, { readonly type: "event" }>;
type CompositeDefinition = Extract<TriggerInput, { readonly triggers: unknown }>;
/** A trigger that fires when others have. */
export type CompositeTrigger = CompositeDefinition & { readonly id: string };

/** Where a trigger stands. */
export interface TriggerPlace {
  readonly id: string;
  readonly automation: WatchedAutomation;
  /** The composite triggers around it, the innermost first. */
  readonly parents: readonly CompositeTrigger[];
}

/** An event trigger within an automation, ready to look at events. */
export interface WatchedTrigger extends WatchingTrigger, TriggerPlace {
  readonly definition: EventDefinition;
  readonly criteria: EventCriteria;
}

/** A metric trigger within an automation, ready to look at flow runs. */
export interface WatchedMetric extends TriggerPlace {
  readonly definition: MetricTriggerInput;
  covers(event: Pick<SeenEvent, "resource" | "related">): boolean;
}

/** An automation made ready. */
export interface WatchedAutomation {
  readonly stored: StoredAutomation;
  readonly eventTriggers: readonly WatchedTrigger[];
  readonly metricTriggers: readonly WatchedMetric[];
}

/** Makes an automation ready; one that is switched off watches nothing. */
export function watchedAutomation(stored: StoredAutomation): WatchedAutomation {
  const eventTriggers: WatchedTrigger[] = [];
  const metricTriggers: WatchedMetric[] = [];
  const automation = { stored, eventTriggers, metricTriggers };
  const collect = (trigger: TriggerInput, parents: readonly CompositeTrigger[]) => {
    const { id = "" } = trigger;
    if (trigger.type === "event") {
      eventTriggers.push({ id, definition: trigger, criteria: eventCriteria(trigger), automation, parents });
    } else if (trigger.type === "metric") {
      metricTriggers.push({ id, definition: trigger, covers: resourceCriteria(trigger), automation, parents });
    } else for (const child of trigger.triggers) collect(child, [{ ...trigger, id }, ...parents]);
  };
  if (stored.enabled) collect(stored.trigger, []);
  return automation;
}
