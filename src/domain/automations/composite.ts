import { addSeconds, compareTimestamps } from "../../kit/timestamp.ts";
import type { Firing } from "./firing.ts";
import type { CompositeTrigger } from "./watched-automation.ts";

export interface CompositeOutcome {
  /** What is remembered from now on: at most one firing of each child. */
  readonly remembered: readonly Firing[];
  /** The firings that together make the trigger fire; undefined when it does not. */
  readonly fires: readonly Firing[] | undefined;
}

/** What the firing of one of its triggers does to a compound or a sequence; a child's newer firing replaces its older one. */
export function applyChildFiring(
  trigger: CompositeTrigger,
  remembered: readonly Firing[],
  firing: Firing,
): CompositeOutcome {
  const needed = neededFirings(trigger);
  if (needed === 1) return { remembered, fires: [firing] };
  const childIds = new Set(trigger.triggers.map(({ id }) => id));
  const others = remembered.filter((other) => other.trigger.id !== firing.trigger.id);
  const current = [...others, firing].filter(
    ({ trigger: child, triggered }) => childIds.has(child.id) && isRecent(trigger, triggered, firing),
  );
  const isReady = trigger.type === "compound" ? current.length >= needed : isInOrder(trigger, current);
  return isReady ? { remembered: [], fires: current } : { remembered: current, fires: undefined };
}

function neededFirings(trigger: CompositeTrigger): number {
  if (trigger.type === "sequence" || trigger.require === "all") return trigger.triggers.length;
  return trigger.require === "any" ? 1 : trigger.require;
}

function isRecent({ within }: CompositeTrigger, triggered: string, firing: Firing): boolean {
  return within === null || compareTimestamps(triggered, addSeconds(firing.triggered, -within)) >= 0;
}

function isInOrder(trigger: CompositeTrigger, firings: readonly Firing[]): boolean {
  const order = firings.toSorted((a, b) => compareTimestamps(a.triggered, b.triggered));
  return (
    order.length === trigger.triggers.length &&
    order.every((firing, at) => firing.trigger.id === trigger.triggers[at]?.id)
  );
}
