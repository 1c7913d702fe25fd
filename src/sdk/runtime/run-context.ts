/** What a flow or task function is given after its parameters, when its last parameter is called `ctx`. */
export interface RunContext {
  /** Aborted when the run times out, is cancelled or its process is told to stop. */
  readonly signal: AbortSignal;
  readonly run: {
    readonly id: string;
    readonly name: string;
    /** 1 on the first attempt. */
    readonly runCount: number;
  };
}
