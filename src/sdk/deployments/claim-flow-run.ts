import type { Client } from "../../client/client.ts";
import { ApiNotFound } from "../../client/errors.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import { newState, toStateCreate } from "../state.ts";

/** Makes a scheduled run this process's own; undefined when another took it, or it is no longer wanted. */
export async function claimFlowRun(client: Client, run: FlowRun): Promise<FlowRun | undefined> {
  try {
    const { status, state } = await client.flowRuns.setState(run.id, toStateCreate(newState("PENDING")));
    if (state?.type === "CANCELLING") await cancel(client, run.id);
    return status === "ACCEPT" && state ? { ...run, state } : undefined;
  } catch (error) {
    if (ApiNotFound.is(error)) return undefined;
    throw error;
  }
}

async function cancel(client: Client, id: string): Promise<void> {
  await client.flowRuns.setState(id, toStateCreate(newState("CANCELLED")), { force: true });
}
