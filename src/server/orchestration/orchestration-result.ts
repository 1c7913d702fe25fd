import type { Decision } from "../../domain/orchestration/decide.ts";
import type { State } from "../../domain/orchestration/facts.ts";
import { resultWithoutDescription } from "../../domain/orchestration/result-data.ts";

/** What the API answers: the decision, and the state the run is in now. */
export interface OrchestrationResult {
  readonly state: State | null;
  readonly status: Decision<unknown>["status"];
  readonly details: Decision<unknown>["details"];
}

/** A new state as it will be read back: without what its data says of the artifact that keeps the result. */
export function answeredState(state: State | null): State | null {
  return state && { ...state, data: resultWithoutDescription(state.data) };
}

/** The answer to a proposal for a run that is not in the state any more that the proposal was made for. */
export function movedOn(state: State | null): OrchestrationResult {
  return { state, status: "ABORT", details: { type: "abort_details", reason: "This run has moved on." } };
}
