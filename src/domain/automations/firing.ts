import type { Timestamp } from "../../kit/timestamp.ts";
import type { ActionInput } from "../../schemas/action.ts";
import type { AutomationCreate } from "../../schemas/automation.ts";
import type { TriggerInput } from "../../schemas/trigger.ts";

/** An automation as it is stored and shown. */
export type StoredAutomation = Omit<AutomationCreate, "owner_resource"> & {
  readonly id: string;
  readonly created: Timestamp;
  readonly updated: Timestamp;
};

/** An event in the form in which automations see it and templates are given it. */
export interface SeenEvent {
  readonly occurred: Timestamp;
  readonly event: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly related: readonly Readonly<Record<string, string>>[];
  readonly payload: unknown;
  readonly id: string;
  readonly follows: string | null;
  readonly received: Timestamp;
}

export type TriggerState = "Triggered" | "Resolved";

/** One time that a trigger fired, in the form in which it is stored. */
export interface Firing {
  readonly id: string;
  readonly trigger: TriggerInput;
  readonly trigger_states: readonly TriggerState[];
  readonly triggered: Timestamp;
  readonly triggering_labels: Readonly<Record<string, string>>;
  /** Of the triggers that made a compound or sequence fire. */
  readonly triggering_firings: readonly Firing[];
  readonly triggering_event: SeenEvent | null;
  /** What a metric trigger measured. */
  readonly triggering_value: unknown;
}

/** An action to be done once, because an automation fired. */
export interface TriggeredAction {
  readonly automation: StoredAutomation;
  readonly id: string;
  readonly firing: Firing;
  readonly triggered: Timestamp;
  readonly triggering_labels: Readonly<Record<string, string>>;
  readonly triggering_event: SeenEvent | null;
  readonly action: ActionInput;
  /** Counts from 0 across `actions`, then those on triggering or on resolving. */
  readonly action_index: number;
  /** The `prefect.automation.triggered` or `.resolved` event that came with it. */
  readonly automation_triggered_event_id: string;
}

interface Consequences {
  readonly events: readonly SeenEvent[];
  readonly actions: readonly TriggeredAction[];
}

const STATES: readonly TriggerState[] = ["Triggered", "Resolved"];

/** What follows from the firing of an automation's trigger: its events, and the actions to do. */
export function consequencesOf(automation: StoredAutomation, firing: Firing, nextId: () => string): Consequences {
  const states = STATES.filter((state) => firing.trigger_states.includes(state));
  const changes = new Map(states.map((state) => [state, stateEvent(automation, firing, { state, id: nextId() })]));
  const triggered = changes.get("Triggered");
  const resolved = changes.get("Resolved");
  const main = triggered ?? resolved;
  if (!main) return { events: [], actions: [] };
  const due = [
    ...automation.actions.map((action) => ({ action, triggering_event: firing.triggering_event, because: main.id })),
    ...(triggered ? automation.actions_on_trigger.map((action) => dueTo(triggered, action)) : []),
    ...(resolved ? automation.actions_on_resolve.map((action) => dueTo(resolved, action)) : []),
  ];
  const { triggered: at, triggering_labels } = firing;
  const actions = due.map(({ action, triggering_event, because }, action_index) => ({
    automation,
    id: nextId(),
    firing,
    triggered: at,
    triggering_labels,
    triggering_event,
    action,
    action_index,
    automation_triggered_event_id: because,
  }));
  return { events: [...changes.values()], actions };
}

function dueTo(event: SeenEvent, action: ActionInput) {
  return { action, triggering_event: event, because: event.id };
}

function stateEvent(
  automation: StoredAutomation,
  firing: Firing,
  of: { readonly state: TriggerState; readonly id: string },
): SeenEvent {
  const { trigger, triggered, triggering_event, triggering_labels } = firing;
  const cause = triggering_event && {
    "prefect.resource.id": `prefect.event.${triggering_event.id}`,
    "prefect.resource.role": "triggering-event",
  };
  return {
    occurred: triggered,
    event: `prefect.automation.${of.state.toLowerCase()}`,
    resource: {
      "prefect.resource.id": `prefect.automation.${automation.id}`,
      "prefect.resource.name": automation.name,
      ...("posture" in trigger ? { "prefect.posture": trigger.posture } : {}),
    },
    related: cause ? [cause] : [],
    payload: { triggering_labels, triggering_event },
    id: of.id,
    follows: null,
    received: triggered,
  };
}
