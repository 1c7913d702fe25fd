/** What the process of one flow run is told by whoever started it. These are not settings. */
export interface RunEnvironment {
  /** The run to carry out; set means that this process exists for it. */
  readonly flowRunId: string | undefined;
  /** Where its code is, when the parent has already prepared it. */
  readonly flowEntrypoint: string | undefined;
}

export function readRunEnvironment(): RunEnvironment {
  return { flowRunId: process.env.PREFECT__FLOW_RUN_ID, flowEntrypoint: process.env.PREFECT__FLOW_ENTRYPOINT };
}

/** Makes this process that of one flow run, for the code it loads. */
export function enterRunEnvironment(flowRunId: string): void {
  process.env.PREFECT__FLOW_RUN_ID = flowRunId;
}

/** Where the supervisor of this process listens. What is taken is gone: programs the run starts are not supervised. */
export function takeControlEnvironment(): { readonly port: number; readonly token: string } | undefined {
  const { PREFECT__CONTROL_PORT: port, PREFECT__CONTROL_TOKEN: token } = process.env;
  delete process.env.PREFECT__CONTROL_PORT;
  delete process.env.PREFECT__CONTROL_TOKEN;
  return port && token ? { port: Number(port), token } : undefined;
}
