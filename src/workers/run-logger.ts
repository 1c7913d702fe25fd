import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import type { WorkerContext } from "./context.ts";

const LEVELS = { info: 20, warn: 30, error: 40 } as const;

/** What the worker says about a run, among the run's own logs and in the worker's. */
export type RunLogger = Readonly<Record<keyof typeof LEVELS, (message: string) => void>>;

export function runLogger({ runLogs, clock, log }: WorkerContext, run: FlowRun): RunLogger {
  const at = (level: keyof typeof LEVELS) => (message: string) => {
    log[level]({ flowRunId: run.id }, message);
    runLogs.add({
      name: "prefect.flow_runs.worker",
      level: LEVELS[level],
      message,
      timestamp: clock.now(),
      flow_run_id: run.id,
      task_run_id: null,
    });
  };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}
