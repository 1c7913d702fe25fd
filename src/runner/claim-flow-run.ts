import { randomUUID } from "node:crypto";
import type { Client } from "../client/client.ts";
import { ApiNotFound } from "../client/errors.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";

/** Makes a scheduled run this process's own; undefined when another took it, or it is no longer wanted. */
export async function claimFlowRun(client: Client, run: FlowRun): Promise<FlowRun | undefined> {
  const transition_id = randomUUID();
  try {
    const { state } = await client.flowRuns.setState(run.id, { type: "PENDING", state_details: { transition_id } });
    if (state?.type === "CANCELLING") await client.flowRuns.setState(run.id, { type: "CANCELLED" }, { force: true });
    // An answer may have been lost: the claim is then refused when it is repeated, and ours all the same.
    const isOurs = state?.type === "PENDING" && state.state_details.transition_id === transition_id;
    return isOurs ? { ...run, state } : undefined;
  } catch (error) {
    if (ApiNotFound.is(error)) return undefined;
    throw error;
  }
}
