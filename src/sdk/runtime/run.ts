import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { Parameters } from "../parameters/bind.ts";
import { currentScope, enclosingSignal } from "./scope.ts";

/** The flow run around the running code; every field is undefined outside one. */
export interface RuntimeFlowRun {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly flowName: string | undefined;
  readonly tags: readonly string[];
  readonly parameters: Parameters;
  /** 1 on the first attempt. */
  readonly runCount: number;
  readonly scheduledStartTime: string | undefined;
  readonly parentTaskRunId: string | undefined;
  readonly flowVersion: string | undefined;
}

/** The task run around the running code; every field is undefined outside one. */
export interface RuntimeTaskRun {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly taskName: string | undefined;
  readonly tags: readonly string[];
  readonly parameters: Parameters;
  readonly runCount: number;
}

export interface RuntimeDeployment {
  readonly id: string | undefined;
  readonly name: string | undefined;
}

/** What is running now: `run.flowRun.name`, `run.taskRun.runCount`, `run.deployment.id`, `run.signal`. */
export const run = {
  get flowRun(): RuntimeFlowRun {
    const { flowRun } = currentScope();
    return describeFlowRun(flowRun?.run, flowRun?.definition.name, flowRun?.parameters);
  },
  get taskRun(): RuntimeTaskRun {
    const { taskRun } = currentScope();
    return {
      id: taskRun?.run.id,
      name: taskRun?.run.name,
      taskName: taskRun?.definition.name,
      tags: taskRun?.run.tags ?? [],
      parameters: taskRun?.parameters ?? {},
      runCount: taskRun?.run.run_count ?? 0,
    };
  },
  get deployment(): RuntimeDeployment {
    const { flowRun } = currentScope();
    const resource = flowRun?.related.find((related) => related["prefect.resource.role"] === "deployment");
    return { id: flowRun?.run.deployment_id ?? undefined, name: resource?.["prefect.resource.name"] };
  },
  /** Aborted when the present run times out, is cancelled or its process is told to stop; undefined outside a run. */
  get signal(): AbortSignal | undefined {
    return enclosingSignal(currentScope());
  },
};

function describeFlowRun(
  flowRun: FlowRun | undefined,
  flowName: string | undefined,
  parameters: Parameters | undefined,
): RuntimeFlowRun {
  return {
    id: flowRun?.id,
    name: flowRun?.name,
    flowName,
    tags: flowRun?.tags ?? [],
    parameters: parameters ?? {},
    runCount: flowRun?.run_count ?? 0,
    scheduledStartTime: flowRun?.next_scheduled_start_time ?? flowRun?.expected_start_time ?? undefined,
    parentTaskRunId: flowRun?.parent_task_run_id ?? undefined,
    flowVersion: flowRun?.flow_version ?? undefined,
  };
}
