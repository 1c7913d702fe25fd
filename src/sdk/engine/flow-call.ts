import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { FlowDefinition } from "../definitions.ts";
import type { Parameters } from "../parameters/bind.ts";

/** A flow to be run, and with what. */
export interface FlowCall {
  readonly definition: FlowDefinition;
  readonly parameters: Parameters;
  /** Futures and states to wait for besides those among the parameters. */
  readonly waitFor: readonly unknown[];
  /** The run, when the API created it; else a new one is made. */
  readonly existing?: FlowRun;
  /** Ends the run from outside. Without it the run ends itself when the process is told to stop. */
  readonly signal?: AbortSignal;
}
