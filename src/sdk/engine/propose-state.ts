import { randomUUID } from "node:crypto";
import type { OrchestrationResult } from "../../schemas/orchestration.ts";
import { delayUnlessAborted } from "../delay.ts";
import { RunAborted } from "../errors.ts";
import type { FlowRunScope } from "../runtime/scope.ts";
import type { Session } from "../session/session.ts";
import { type State, toStateCreate, withWire } from "../state.ts";

export interface Proposal {
  readonly session: Session;
  readonly flowRun: FlowRunScope;
  /** Skips the server's rules. @default false */
  readonly force?: boolean;
}

/**
 * Asks the API to put the flow run in a state, waiting as long as it says. Gives the state the run is in afterwards, which
 * is the server's choice when it rejects the proposal. Throws RUN_ABORTED when it tells the run to stop.
 */
export async function proposeState({ session, flowRun, force = false }: Proposal, state: State): Promise<State> {
  const { id } = flowRun.run;
  const details = { ...state.state_details, flow_run_id: id, transition_id: randomUUID() };
  const proposed = { ...toStateCreate(state), state_details: details };
  let result = await session.client.flowRuns.setState(id, proposed, { force });
  while (result.details.type === "wait_details") {
    await delayUnlessAborted(result.details.delay_seconds * 1000, flowRun.stop);
    result = await session.client.flowRuns.setState(id, proposed, { force });
  }
  const reached = stateAfter(state, result);
  flowRun.run = { ...flowRun.run, state: result.state, state_type: reached.type, state_name: reached.name };
  return reached;
}

function stateAfter(state: State, result: OrchestrationResult): State {
  const { details } = result;
  if (result.status === "ABORT" || !result.state) throw RunAborted(("reason" in details && details.reason) || "");
  if (result.status === "REJECT") return result.state;
  const { id, timestamp, state_details } = result.state;
  return withWire(state, { id, timestamp, state_details });
}
