/** A task run that waits for whoever serves its task key. */
export interface BackgroundTask {
  readonly taskKey: string;
  readonly taskRunId: string;
  /** Retries go ahead of new ones. */
  readonly queue: "scheduled" | "retry";
}

type Listener = (task: BackgroundTask) => void;

/**
 * Tells those in this process who hand out background tasks that one has just been scheduled. Only a hint: the table
 * of background tasks is what they go by.
 */
export interface BackgroundTasks {
  /** Call only after the commit. Listeners must not throw and must not block. */
  announce(task: BackgroundTask): void;
  /** Gives the function that ends the subscription. */
  subscribe(listener: Listener): () => void;
}

export function createBackgroundTasks(): BackgroundTasks {
  const listeners = new Set<Listener>();
  return {
    announce(task) {
      for (const listener of listeners) listener(task);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
