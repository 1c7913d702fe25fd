import { RunTerminated } from "../errors.ts";
import { currentScope, enclosingSignal, type FlowRunScope, runInScope, type Scope } from "../runtime/scope.ts";
import type { Session } from "../session/session.ts";
import { leaseSession } from "../session/shared-session.ts";
import { outcomeValue, type State } from "../state.ts";
import { beginFlowRun } from "./begin-flow-run.ts";
import { rememberProducer } from "./dependencies.ts";
import { executeFlowRun } from "./execute-flow-run.ts";
import type { FlowCall } from "./flow-call.ts";
import { createLimiter } from "./limiter.ts";
import { relatedResources } from "./related.ts";
import { listenForTermination } from "./termination.ts";

/** Runs a flow to its final state, whatever that is. Throws RUN_ABORTED, and errors of the API. */
export async function runFlow(call: FlowCall): Promise<State> {
  const outer = currentScope();
  if (outer.session) return runWith(outer.session, call, outer);
  if (call.signal) return runTopLevel(call, outer);
  using termination = listenForTermination();
  try {
    return await runTopLevel({ ...call, signal: termination.signal }, outer);
  } finally {
    termination.resume();
  }
}

async function runTopLevel(call: FlowCall, outer: Scope): Promise<State> {
  await using lease = await leaseSession();
  return await runWith(lease.session, call, outer);
}

async function runWith(session: Session, call: FlowCall, outer: Scope): Promise<State> {
  const { run, finished } = await beginFlowRun(session, call, outer);
  if (finished) return finished;
  const flowRun = await createScope(session, { call, run, outer });
  const options = call.definition.options;
  const logPrints = options.logPrints ?? (outer.flowRun ? outer.logPrints : session.settings.logging.log_prints);
  const scope: Scope = {
    session,
    flowRun,
    taskRun: undefined,
    tagLayers: [...outer.tagLayers, { names: options.tags ?? [], isActive: true }],
    logPrints,
  };
  const final = await runInScope(scope, () => executeFlowRun({ session, call, scope, flowRun }));
  if (outer.flowRun && !RunTerminated.is(outcomeValue(final))) {
    rememberProducer(outer, outcomeValue(final), { input_type: "flow_run", id: run.id });
  }
  return final;
}

interface ScopeParts {
  readonly call: FlowCall;
  readonly run: FlowRunScope["run"];
  readonly outer: Scope;
}

async function createScope(session: Session, { call, run, outer }: ScopeParts): Promise<FlowRunScope> {
  const { definition } = call;
  const stop = call.signal ?? enclosingSignal(outer) ?? new AbortController().signal;
  const maxTasks = definition.options.maxConcurrentTasks ?? session.settings.tasks.runner.thread_pool_max_workers;
  return {
    definition,
    run,
    parameters: call.parameters,
    signal: stop,
    stop,
    related: await relatedResources(session, run, definition.name),
    limiter: createLimiter(maxTasks ?? Number.POSITIVE_INFINITY),
    calls: new Map(),
    producers: new WeakMap(),
    pending: new Set(),
    pauses: 0,
  };
}
