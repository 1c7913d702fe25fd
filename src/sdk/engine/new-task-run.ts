import { randomUUID } from "node:crypto";
import type { TaskDefinition } from "../definitions.ts";
import { ids } from "../now.ts";
import type { Parameters } from "../parameters/bind.ts";
import { type Scope, tagsIn } from "../runtime/scope.ts";
import { newState } from "../state.ts";
import { findTaskInputs } from "./dependencies.ts";
import { delaysOf } from "./retry-delay.ts";
import type { TaskRunPolicy, TaskRunRecord } from "./task-run-record.ts";

export interface NewTaskRun {
  readonly definition: TaskDefinition;
  readonly parameters: Parameters;
  readonly waitFor: readonly unknown[];
}

/** A task run in state PENDING, made here and known to nobody yet. */
export function newTaskRun(scope: Scope, { definition, parameters, waitFor }: NewTaskRun): TaskRunRecord {
  const { flowRun } = scope;
  const unique = randomUUID();
  const id = ids.next();
  const flowRunId = flowRun?.run.id ?? null;
  const state = newState("PENDING", { details: { task_run_id: id, flow_run_id: flowRunId } });
  return {
    id,
    flow_run_id: flowRunId,
    name: flowRun ? `${definition.name}-${unique.slice(0, 3)}` : definition.name,
    task_key: definition.key,
    dynamic_key: flowRun ? unique : `${definition.key}-${unique.replaceAll("-", "")}`,
    ...(definition.options.version !== undefined && { task_version: definition.options.version }),
    empirical_policy: policyOf(scope, definition),
    tags: tagsIn(scope, definition.options.tags).toSorted(),
    labels: {},
    task_inputs: findTaskInputs(scope, parameters, waitFor),
    run_count: 0,
    flow_run_run_count: 0,
    expected_start_time: state.timestamp,
    total_run_time: 0,
    state,
  };
}

function policyOf({ session }: Scope, { options }: TaskDefinition): TaskRunPolicy {
  const retries = options.retries ?? session?.settings.tasks.default_retries ?? 0;
  const delay = options.retryDelaySeconds ?? session?.settings.tasks.default_retry_delay_seconds ?? 0;
  return {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries,
    retry_delay: delaysOf(delay, retries),
    ...(options.retryJitterFactor !== undefined && { retry_jitter_factor: options.retryJitterFactor }),
  };
}
