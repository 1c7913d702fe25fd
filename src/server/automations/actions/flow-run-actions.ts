import { lockFlowRun } from "../../../db/repositories/flow-runs.ts";
import type { StateFields } from "../../../domain/orchestration/states.ts";
import { addSeconds, compareTimestamps } from "../../../kit/timestamp.ts";
import type {
  CancelFlowRun,
  ChangeFlowRunState,
  DeleteFlowRun,
  ResumeFlowRun,
  SuspendFlowRun,
} from "../../../schemas/action.ts";
import { FlowRunNotFound, FlowRunToSetNotFound } from "../../errors.ts";
import { removeFlowRuns } from "../../orchestration/delete-flow-runs.ts";
import type { OrchestrationResult } from "../../orchestration/orchestration-result.ts";
import { resumeFlowRun as resume } from "../../orchestration/resume-flow-run.ts";
import { orchestrateFlowRun } from "../../orchestration/set-flow-run-state.ts";
import { type Act, type ActionCall, ActionFailed, type Change } from "./action.ts";
import { flowRunOf, target } from "./inference.ts";

/** How long a run suspended by an automation waits to be resumed. */
const SUSPENDED_SECONDS = 3600;

export const changeFlowRunState: Act<ChangeFlowRunState> = async (call) => {
  const { name, state: type, message, force } = call.action;
  const told = message || `State changed by Automation ${call.triggered.automation.id}`;
  return setState(call, { type, name, message: told }, force);
};

export const cancelFlowRun: Act<CancelFlowRun> = async (call) =>
  setState(call, { type: "CANCELLING", message: `Cancelled by Automation ${call.triggered.automation.id}` });

export const suspendFlowRun: Act<SuspendFlowRun> = async (call) =>
  setState(call, {
    type: "PAUSED",
    name: "Suspended",
    message: `Suspended by Automation ${call.triggered.automation.id}`,
    state_details: {
      pause_timeout: addSeconds(call.ctx.clock.now(), SUSPENDED_SECONDS),
      pause_reschedule: true,
    },
  });

export const deleteFlowRun: Act<DeleteFlowRun> = async (call) => {
  const id = findTarget(call);
  return async (tx) => {
    const deleted = await removeFlowRuns(call.ctx, tx, [id]);
    if (deleted.length === 0) throw FlowRunNotFound();
    return { details: { status_code: 204 } };
  };
};

export const resumeFlowRun: Act<ResumeFlowRun> = async (call) => {
  const result = await resume(call.ctx, findTarget(call), { runInput: null, client: {} });
  if (result.status !== "ACCEPT") throw new ActionFailed(`Failed to resume flow run: ${reasonOf(result)}`);
  return undefined;
};

function findTarget({ triggered, found }: ActionCall): string {
  const id = flowRunOf(triggered);
  found.related.push(target("flow-run", id));
  return id;
}

/** A refusal may itself leave the run in another state: it is kept, and the action has failed. */
function setState(call: ActionCall, state: StateFields, force = false): Change {
  const { ctx } = call;
  const id = findTarget(call);
  return async (tx) => {
    const before = ctx.clock.now();
    const row = await lockFlowRun(tx, id);
    if (!row) throw FlowRunToSetNotFound(id);
    const { result, outcome } = await orchestrateFlowRun(ctx, tx, { row, state, force, client: {} });
    const isNew = result.state !== null && compareTimestamps(result.state.timestamp, before) >= 0;
    const failure = result.status === "ACCEPT" ? {} : { failure: `Failed to set state: ${reasonOf(result)}` };
    return { ...outcome, ...failure, details: { status_code: isNew ? 201 : 200 } };
  };
}

function reasonOf({ details }: OrchestrationResult): string {
  return "reason" in details && details.reason ? details.reason : "None";
}
