import type { NewEvent } from "../../db/repositories/events.ts";

type Listener = (events: readonly NewEvent[]) => void;

/** Carries committed events to whoever in this process wants them now: sockets, triggers, the dispatcher. */
export interface EventBus {
  /** Call only after the commit that stored the events. Listeners must not throw and must not block. */
  publish(events: readonly NewEvent[]): void;
  /** Gives the function that ends the subscription. */
  subscribe(listener: Listener): () => void;
}

export function createEventBus(): EventBus {
  const listeners = new Set<Listener>();
  return {
    publish(events) {
      if (events.length === 0) return;
      for (const listener of listeners) listener(events);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
