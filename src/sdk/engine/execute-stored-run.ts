import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { FlowDefinition } from "../definitions.ts";
import type { State } from "../state.ts";
import { runFlow } from "./run-flow.ts";

/** Carries out a run that the API made, with the parameters stored there. */
export function executeStoredRun(definition: FlowDefinition, run: FlowRun, signal: AbortSignal): Promise<State> {
  return runFlow({ definition, parameters: run.parameters, waitFor: [], existing: run, signal });
}
