import { WaitTimedOut } from "./errors.ts";
import { resultOf, type State } from "./state.ts";

export interface ResultOptions {
  /** @default no limit */
  readonly timeoutSeconds?: number;
}

/** A task run that was submitted. `await future` gives its result, or throws what the task threw. */
export interface Future<Result> extends PromiseLike<Result> {
  readonly taskRunId: string;
  /** The final state; never throws for a failed run. */
  state(): Promise<State<Result>>;
  /** Throws WAIT_TIMED_OUT when the run does not end in time. */
  result(options?: ResultOptions): Promise<Result>;
  /** Waits for the end, however the run ends. Throws WAIT_TIMED_OUT when that does not come in time. */
  wait(options?: ResultOptions): Promise<void>;
}

class TaskFuture<Result> implements Future<Result> {
  readonly taskRunId: string;
  readonly #final: Promise<State<Result>>;

  constructor(taskRunId: string, final: Promise<State<Result>>) {
    this.taskRunId = taskRunId;
    this.#final = final;
    // A future nobody awaits must not end the process; its failure is in the run's state.
    final.catch(() => undefined);
  }

  state(): Promise<State<Result>> {
    return this.#final;
  }

  async result(options: ResultOptions = {}): Promise<Result> {
    await this.wait(options);
    return resultOf(await this.#final);
  }

  async wait({ timeoutSeconds }: ResultOptions = {}): Promise<void> {
    if (timeoutSeconds === undefined) {
      await this.#final;
      return;
    }
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(WaitTimedOut(`Task run '${this.taskRunId}'`, timeoutSeconds)),
      timeoutSeconds * 1000,
    );
    try {
      await Promise.race([this.#final, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a future for its result is the point of it
  then<Fulfilled = Result, Rejected = never>(
    onFulfilled?: ((value: Result) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.result().then(onFulfilled, onRejected);
  }
}

export function createFuture<Result>(taskRunId: string, final: Promise<State<Result>>): Future<Result> {
  return new TaskFuture(taskRunId, final);
}

export function isFuture(value: unknown): value is Future<unknown> {
  return value instanceof TaskFuture;
}

/** The futures of a `map`, in the order of its arguments. `await list` gives all results, or throws the first failure. */
export class FutureList<Result> extends Array<Future<Result>> implements PromiseLike<Result[]> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** All results in order; throws as soon as one run fails. */
  results(options: ResultOptions = {}): Promise<Result[]> {
    return Promise.all(Array.from(this, (future) => future.result(options)));
  }

  /** All final states in order; never throws for failed runs. */
  states(): Promise<State<Result>[]> {
    return Promise.all(Array.from(this, (future) => future.state()));
  }

  /** Waits for the end of all runs, however they end. */
  async wait(options: ResultOptions = {}): Promise<void> {
    await Promise.all(Array.from(this, (future) => future.wait(options)));
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a list of futures for its results is the point of it
  then<Fulfilled = Result[], Rejected = never>(
    onFulfilled?: ((value: Result[]) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.results().then(onFulfilled, onRejected);
  }
}
