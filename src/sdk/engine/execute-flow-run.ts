import { setTimeout as delay } from "node:timers/promises";
import { ApiUnreachable } from "../../client/errors.ts";
import { shownUrl } from "../../kit/shown-url.ts";
import { delayUnlessAborted } from "../delay.ts";
import { ParametersInvalid, RunAborted, RunCancelled, UpstreamNotCompleted } from "../errors.ts";
import { captureConsole } from "../runtime/console-capture.ts";
import { emitLog, printLog } from "../runtime/log.ts";
import type { FlowRunScope, Scope } from "../runtime/scope.ts";
import type { Session } from "../session/session.ts";
import { displayState, isCompleted, isFinal, newState, type State } from "../state.ts";
import { callUserCode, validated } from "./call-user-code.ts";
import { substituteResults, waitForUpstreams } from "./dependencies.ts";
import { keepDeploymentSlot } from "./deployment-lease.ts";
import { crashedState, failedState } from "./failures.ts";
import { stateOfReturn } from "./final-state.ts";
import type { FlowCall } from "./flow-call.ts";
import { runFlowHooks } from "./flow-hooks.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { proposeState } from "./propose-state.ts";
import { runBody } from "./run-body.ts";
import { resolveRunName } from "./run-name.ts";

/** A flow run under way. */
export interface FlowAttempt {
  readonly session: Session;
  readonly call: FlowCall;
  readonly scope: Scope;
  readonly flowRun: FlowRunScope;
}

const PENDING_POLL_MS = 200;
// Tasks of a run that ends from outside get this long to say so.
const LAST_WORDS_MS = 1000;

/** Takes a run that exists to its final state, with as many attempts as the server grants. */
export async function executeFlowRun(attempt: FlowAttempt): Promise<State> {
  const { flowRun, scope } = attempt;
  try {
    let state = (await prepare(attempt)) ?? (await enterRunning(attempt));
    while (state.type === "RUNNING") state = await runOnce(attempt);
    await settle(flowRun);
    emitLog(scope, isCompleted(state) ? "INFO" : "ERROR", `Finished in state ${displayState(state)}`);
    return state;
  } catch (error) {
    return endFromOutside(attempt, error);
  } finally {
    flowRun.limiter.close();
  }
}

/** Resolves, validates and names; a state when that already ends the run. */
async function prepare(attempt: FlowAttempt): Promise<State | undefined> {
  const { call, flowRun } = attempt;
  try {
    const upstreams = await waitForUpstreams([call.parameters, call.waitFor], undefined);
    substituteResults(call.waitFor, upstreams);
    const parameters = substituteResults(call.parameters, upstreams);
    const isValidated = call.definition.options.validateParameters ?? true;
    flowRun.parameters = isValidated ? await validated(call.definition, parameters) : parameters;
  } catch (error) {
    if (UpstreamNotCompleted.is(error)) {
      return enter(attempt, newState("PENDING", { name: "NotReady", message: error.message, error }), { force: true });
    }
    if (!ParametersInvalid.is(error)) throw error;
    const message = `Validation of flow parameters failed with error: ${error.message}`;
    return enter(attempt, newState("FAILED", { message, error, details: { retriable: false } }));
  }
  await nameRun(attempt);
  return undefined;
}

async function nameRun({ call, flowRun, session }: FlowAttempt): Promise<void> {
  const { flowRunName } = call.definition.options;
  if (flowRunName === undefined) return;
  const name = await resolveRunName(flowRunName, flowRun.parameters);
  await session.client.flowRuns.update(flowRun.run.id, { name });
  flowRun.run = { ...flowRun.run, name };
}

async function enterRunning(attempt: FlowAttempt): Promise<State> {
  let state = await enter(attempt, newState("RUNNING"));
  while (state.type === "PENDING") {
    await delayUnlessAborted(PENDING_POLL_MS, attempt.flowRun.stop);
    state = await enter(attempt, newState("RUNNING"));
  }
  return state;
}

/** One attempt: the next RUNNING state when the server grants a retry, else the final state. */
async function runOnce(attempt: FlowAttempt): Promise<State> {
  const { session, flowRun, scope } = attempt;
  const { name } = flowRun.run;
  flowRun.run = { ...(await session.client.flowRuns.read(flowRun.run.id)), name };
  flowRun.calls.clear();
  using _heartbeat = startHeartbeat(session, flowRun);
  using _slot = keepDeploymentSlot(session, flowRun);
  announce(attempt);
  const proposed = await runUserCode(attempt);
  const state = await enter(attempt, proposed);
  if (state.type !== "SCHEDULED" || proposed.type !== "FAILED") return state;
  emitLog(
    scope,
    "INFO",
    `Received non-final state '${state.name}' when proposing final state '${proposed.name}' and will attempt to run again...`,
  );
  return enterRunning(attempt);
}

function announce({ session, flowRun, scope, call }: FlowAttempt): void {
  const kind = flowRun.run.parent_task_run_id === null ? "flow" : "subflow";
  emitLog(scope, "INFO", `Beginning ${kind} run '${flowRun.run.name}' for flow '${call.definition.name}'`);
  const uiUrl = session.settings.ui_url ?? shownUrl(session.client.http.apiUrl).replace(/\/api$/, "");
  printLog(scope, "INFO", `View at ${uiUrl}/runs/flow-run/${flowRun.run.id}`);
}

async function runUserCode({ call, flowRun, scope }: FlowAttempt): Promise<State> {
  const { definition } = call;
  try {
    using _capture = scope.logPrints ? captureConsole() : undefined;
    const limits = { kind: "Flow", timeoutSeconds: definition.options.timeoutSeconds, signal: flowRun.stop } as const;
    const value = await runBody(limits, (signal) => {
      flowRun.signal = signal;
      const { id, name, run_count: runCount } = flowRun.run;
      return callUserCode(definition, flowRun.parameters, { signal, run: { id, name, runCount } });
    });
    return await stateOfReturn(value);
  } catch (error) {
    if (flowRun.stop.aborted || RunAborted.is(error)) throw error;
    const state = failedState(error, "flow");
    emitLog(scope, "ERROR", state.message ?? "The flow failed");
    return state;
  }
}

async function enter(attempt: FlowAttempt, state: State, options: { force?: boolean } = {}): Promise<State> {
  const reached = await proposeState({ ...attempt, ...options }, state);
  await runFlowHooks(attempt.flowRun, reached);
  return reached;
}

// Tasks nobody awaited still end and report; those that have not begun never do.
async function settle(flowRun: FlowRunScope): Promise<void> {
  flowRun.limiter.close();
  while (flowRun.pending.size > 0) await Promise.allSettled(flowRun.pending);
}

async function endFromOutside(attempt: FlowAttempt, error: unknown): Promise<State> {
  const { flowRun, scope } = attempt;
  if (RunAborted.is(error)) {
    emitLog(scope, "ERROR", error.message);
    throw error;
  }
  if (ApiUnreachable.is(error) || (flowRun.run.state && isFinal(flowRun.run.state))) throw error;
  await Promise.race([settle(flowRun), delay(LAST_WORDS_MS)]);
  if (RunCancelled.is(error)) return cancel(attempt, error);
  const crashed = crashedState(error);
  emitLog(scope, "ERROR", `Crash detected! ${crashed.message}`);
  return enter(attempt, crashed, { force: true });
}

async function cancel(attempt: FlowAttempt, error: unknown): Promise<State> {
  const message = "Flow run was cancelled.";
  emitLog(attempt.scope, "INFO", message);
  const { state } = await attempt.session.client.flowRuns.read(attempt.flowRun.run.id);
  const cancelling = newState("CANCELLING", { message, error });
  if (state?.type === "CANCELLING") await runFlowHooks(attempt.flowRun, cancelling);
  else await enter(attempt, cancelling, { force: true });
  return enter(attempt, newState("CANCELLED", { message, error }), { force: true });
}
