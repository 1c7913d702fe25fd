import type { FlowRunColumns, State } from "../facts.ts";
import type { Status, Transform } from "../rule.ts";
import { isTerminal } from "../states.ts";
import { retriesInProcess } from "./release-deployment-slot.ts";

/** A run that leaves its process, for good or for another one, is not expected to send heartbeats any more. */
export const endRunLease: Transform<FlowRunColumns> = {
  name: "end-run-lease",
  after({ run, initial, validated, status }) {
    const hasRun = run.run_count > 0 && initial !== null && !isTerminal(initial);
    return hasRun && leavesProcess(validated, status) ? [{ kind: "end-run-lease", flowRunId: run.id }] : [];
  },
};

function leavesProcess(state: State | null, status: Status): boolean {
  switch (state?.type) {
    case "RUNNING":
    case "CANCELLING":
    case undefined:
      return false;
    case "PAUSED":
      return state.state_details.pause_reschedule;
    case "SCHEDULED":
      return !retriesInProcess(state, status);
    case "PENDING":
    case "COMPLETED":
    case "FAILED":
    case "CANCELLED":
    case "CRASHED":
      return true;
  }
}
