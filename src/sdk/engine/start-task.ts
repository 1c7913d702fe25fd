import type { TaskDefinition } from "../definitions.ts";
import { NotInRun } from "../errors.ts";
import { createFuture, type Future } from "../future.ts";
import { bindArguments } from "../parameters/bind.ts";
import { currentScope } from "../runtime/scope.ts";
import type { Session } from "../session/session.ts";
import { leaseSession } from "../session/shared-session.ts";
import type { State } from "../state.ts";
import type { SubmitOptions } from "../submit-options.ts";
import { newTaskRun } from "./new-task-run.ts";
import { announceTaskRun, executeTaskRun, type TaskRunJob } from "./run-task.ts";

/** Runs a task here, in a flow or on its own. */
export async function callTask(definition: TaskDefinition, args: readonly unknown[]): Promise<State> {
  const scope = currentScope();
  if (scope.session) return runHere(scope.session, definition, args);
  await using lease = await leaseSession();
  return await runHere(lease.session, definition, args);
}

function runHere(session: Session, definition: TaskDefinition, args: readonly unknown[]): Promise<State> {
  const scope = { ...currentScope(), session };
  const job = jobOf(session, { definition, args, options: {} });
  const final = executeTaskRun(announceTaskRun(scope, job), job);
  track(final);
  return final;
}

/** Starts a task beside the flow's code; the future is there at once, the run when its upstreams and a slot are. */
export function submitTask(
  definition: TaskDefinition,
  args: readonly unknown[],
  options: SubmitOptions,
): Future<unknown> {
  const scope = currentScope();
  const { session, flowRun } = scope;
  if (!session || !flowRun) throw NotInRun(`${definition.name}.submit()`);
  const job = { ...jobOf(session, { definition, args, options }), limiter: flowRun.limiter };
  const final = executeTaskRun(announceTaskRun(scope, job), job);
  track(final);
  return createFuture(job.run.id, final);
}

interface Given {
  readonly definition: TaskDefinition;
  readonly args: readonly unknown[];
  readonly options: SubmitOptions;
}

function jobOf(session: Session, { definition, args, options }: Given): TaskRunJob {
  const scope = { ...currentScope(), session };
  const parameters = bindArguments(definition.binding, args);
  const waitFor = options.waitFor ?? [];
  return { session, definition, parameters, waitFor, run: newTaskRun(scope, { definition, parameters, waitFor }) };
}

// The flow waits for every run it started before it ends its own connection.
function track(final: Promise<State>): void {
  const pending = currentScope().flowRun?.pending;
  if (!pending) return;
  const settled = final.catch(() => undefined).finally(() => pending.delete(settled));
  pending.add(settled);
}
