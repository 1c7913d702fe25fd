import type { FlowRunPolicy } from "../../client/wire.ts";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { FlowDefinition } from "../definitions.ts";
import { serializeParameters } from "../parameters/serialize.ts";
import { type Scope, tagsIn } from "../runtime/scope.ts";
import type { Session } from "../session/session.ts";
import { isFinal, newState, type State, toStateCreate } from "../state.ts";
import type { FlowCall } from "./flow-call.ts";
import { flowVersion } from "./flow-version.ts";
import { createTrackingTaskRun, findEarlierRun } from "./subflow.ts";

/** A run to go on with, or one that needs no running because it has ended before. */
export interface BegunFlowRun {
  readonly run: FlowRun;
  readonly finished: State | undefined;
}

/** The call's own run, the earlier run of a subflow whose parent is tried again, or a new run in state PENDING. */
export async function beginFlowRun(session: Session, call: FlowCall, outer: Scope): Promise<BegunFlowRun> {
  if (call.existing) return adopt(session, call, call.existing);
  const flowId = await session.client.flows.create({ name: call.definition.name, tags: [], labels: {} });
  const tracking = outer.flowRun ? await createTrackingTaskRun(session, call, outer) : undefined;
  const earlier = tracking && outer.flowRun && (await findEarlierRun(session, tracking, outer.flowRun));
  if (earlier) return { run: earlier, finished: finishedState(earlier, tracking.state) };
  const run = await session.client.flowRuns.create({
    flow_id: flowId.id,
    name: null,
    flow_version: await flowVersion(call.definition),
    parameters: serializeParameters(call.parameters),
    state: toStateCreate(newState("PENDING")),
    context: {},
    parent_task_run_id: tracking?.id ?? null,
    empirical_policy: policyOf(session, call.definition),
    tags: tagsIn(outer, call.definition.options.tags),
  });
  return { run, finished: undefined };
}

async function adopt(session: Session, { definition }: FlowCall, run: FlowRun): Promise<BegunFlowRun> {
  const own = policyOf(session, definition);
  const policy = run.empirical_policy;
  const empirical_policy = {
    ...policy,
    retries: policy.retries ?? own.retries ?? 0,
    retry_delay: policy.retry_delay ?? own.retry_delay ?? 0,
  };
  await session.client.flowRuns.update(run.id, { flow_version: await flowVersion(definition), empirical_policy });
  return { run: { ...run, empirical_policy }, finished: undefined };
}

function finishedState(run: FlowRun, tracking: State | null): State | undefined {
  return tracking && isFinal(tracking) && run.state ? run.state : undefined;
}

function policyOf({ settings }: Session, { options }: FlowDefinition): FlowRunPolicy {
  const retryDelay = options.retryDelaySeconds ?? settings.flows.default_retry_delay_seconds;
  return {
    retries: options.retries ?? settings.flows.default_retries,
    retry_delay: Math.ceil(typeof retryDelay === "number" ? retryDelay : (retryDelay[0] ?? 0)),
  };
}
