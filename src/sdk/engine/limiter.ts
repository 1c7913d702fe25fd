/** Bounds how many pieces of work run at once. */
export interface Limiter {
  /** Runs `work` when a slot is free; resolves undefined without running it once the limiter is closed. */
  run<Result>(work: () => Promise<Result>): Promise<Result | undefined>;
  /** Lets what runs end; what waits for a slot is never started. */
  close(): void;
}

export function createLimiter(maxConcurrent: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  let isClosed = false;

  const acquire = async () => {
    if (running < maxConcurrent) {
      running += 1;
      return true;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
    return !isClosed;
  };
  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };

  return {
    async run(work) {
      const mayRun = await acquire();
      try {
        return mayRun ? await work() : undefined;
      } finally {
        release();
      }
    },
    close() {
      isClosed = true;
    },
  };
}
