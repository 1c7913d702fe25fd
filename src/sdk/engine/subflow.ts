import { createHash, randomUUID } from "node:crypto";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { TaskRun } from "../../schemas/task-run.ts";
import { serializeParameters } from "../parameters/serialize.ts";
import { type FlowRunScope, type Scope, tagsIn } from "../runtime/scope.ts";
import type { Session } from "../session/session.ts";
import { isCompleted, isFinal, newState, toStateCreate } from "../state.ts";
import { findTaskInputs } from "./dependencies.ts";
import type { FlowCall } from "./flow-call.ts";

const HASH_CHARACTERS = 16;

/**
 * Creates the task run that stands for a subflow in its parent. It is the one task run made over HTTP; the server gives it
 * the states of the subflow's run.
 */
export function createTrackingTaskRun(session: Session, call: FlowCall, outer: Scope): Promise<TaskRun> {
  const { definition, parameters, waitFor } = call;
  return session.client.taskRuns.create({
    ...placeOf(call, outer),
    flow_run_id: outer.flowRun?.run.id ?? null,
    task_key: definition.key,
    task_version: definition.options.version ?? null,
    state: toStateCreate(newState("PENDING")),
    empirical_policy: { max_retries: 0, retry_delay_seconds: 0, retries: 0, retry_delay: 0 },
    tags: tagsIn(outer),
    labels: {},
    task_inputs: findTaskInputs(outer, parameters, waitFor),
  });
}

/**
 * What tells the call from others of its flow, in this attempt and in the next: its parameters and how many calls had the
 * same ones before it. The order of all calls would not do, since that of concurrent ones changes.
 */
function placeOf({ definition, parameters }: FlowCall, { taskRun, flowRun }: Scope) {
  if (taskRun || !flowRun) {
    const dynamicKey = randomUUID();
    return { name: `${definition.name}-${dynamicKey.slice(0, 3)}`, dynamic_key: dynamicKey };
  }
  const inputs = JSON.stringify(serializeParameters(parameters));
  const hash = createHash("sha256").update(inputs).digest("hex").slice(0, HASH_CHARACTERS);
  const name = `${definition.name}-${nextCall(flowRun, definition.key)}`;
  return { name, dynamic_key: `${hash}-${nextCall(flowRun, `${definition.key} ${hash}`)}` };
}

/**
 * The run this subflow call had in an earlier attempt of its parent. Undefined when there is none, or when it must run
 * again because the value it returned is gone.
 */
export async function findEarlierRun(
  session: Session,
  tracking: TaskRun,
  parent: FlowRunScope,
): Promise<FlowRun | undefined> {
  const isRerun = parent.run.run_count > 1;
  const { state } = tracking;
  if (state && isFinal(state) && isRerun && !isCompleted(state)) return undefined;
  const [found] = await session.client.flowRuns.list({
    flow_runs: { parent_task_run_id: { any_: [tracking.id] } },
    sort: "EXPECTED_START_TIME_DESC",
    limit: 1,
  });
  const isValueGone = found?.state && isCompleted(found.state) && found.state.data === null;
  return isRerun && state && isCompleted(state) && isValueGone ? undefined : found;
}

function nextCall(parent: FlowRunScope, key: string): number {
  const call = parent.calls.get(key) ?? 0;
  parent.calls.set(key, call + 1);
  return call;
}
