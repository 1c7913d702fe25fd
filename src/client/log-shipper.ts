import type { LogCreate as LogRecord } from "../schemas/log.ts";

export interface LogShipperOptions {
  readonly send: (records: readonly LogRecord[]) => Promise<void>;
  /** Told when a batch could not be delivered; the logs themselves must not be used for it. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds between two batches. */
  readonly intervalMs: number;
  /** A batch leaves early when it has this size. */
  readonly maxBatchBytes: number;
  /** Longer messages are cut. */
  readonly maxLogBytes: number;
}

/** Collects the logs of runs and sends them in batches. */
export interface LogShipper {
  add(record: LogRecord): void;
  /** Sends what is waiting; resolves when all that was added before is delivered or given up. */
  flush(): Promise<void>;
}

const CUT_MARK = "... [truncated]";

export function createLogShipper(options: LogShipperOptions): LogShipper {
  let waiting: LogRecord[] = [];
  let waitingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    waitingBytes = 0;
    // Batches go one after the other, so that the API gets the logs in order.
    if (batch.length > 0) sending = sending.then(() => options.send(batch)).catch(options.onError);
    return sending;
  };

  return {
    add(record) {
      const message = cut(record.message, options.maxLogBytes);
      waiting.push({ ...record, message });
      waitingBytes += message.length + 200;
      if (waitingBytes >= options.maxBatchBytes) return void flush();
      timer ??= setTimeout(flush, options.intervalMs).unref();
    },
    flush,
  };
}

function cut(message: string, maxBytes: number): string {
  if (message.length * 3 <= maxBytes || Buffer.byteLength(message) <= maxBytes) return message;
  return (
    Buffer.from(message)
      .subarray(0, Math.max(0, maxBytes - CUT_MARK.length))
      .toString("utf8") + CUT_MARK
  );
}
