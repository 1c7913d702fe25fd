/** Lets a bounded number of holders in at a time; the others wait their turn, first come first served. */
export interface Turnstile {
  /** Resolves with true once one is in, with false when `timeoutMs` have passed before that. */
  enter(timeoutMs: number): Promise<boolean>;
  /** Lets the next one in. Call once for every `enter` that gave true. */
  leave(): void;
}

export function turnstile(places: number): Turnstile {
  const waiting = new Set<() => void>();
  let free = places;
  return {
    enter(timeoutMs) {
      if (free > 0) {
        free -= 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const settle = (isIn: boolean) => {
          clearTimeout(timer);
          waiting.delete(letIn);
          resolve(isIn);
        };
        const letIn = () => settle(true);
        const timer = setTimeout(() => settle(false), timeoutMs);
        waiting.add(letIn);
      });
    },
    leave() {
      const [next] = waiting;
      if (next) next();
      else free += 1;
    },
  };
}
