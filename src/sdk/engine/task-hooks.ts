import type { TaskHook, TaskOptions } from "../options.ts";
import type { TaskRunScope } from "../runtime/scope.ts";
import type { State } from "../state.ts";
import { runHooks } from "./hooks.ts";

/** Runs the task's hooks for the state it has just entered. */
export async function runTaskHooks(taskRun: TaskRunScope, state: State): Promise<void> {
  const { definition, run } = taskRun;
  const hooks = hooksFor(definition.options, state).map((hook) => ({
    name: hook.name || "hook",
    call: () => hook(definition, run, state),
  }));
  await runHooks(hooks, state);
}

function hooksFor(options: TaskOptions, state: State): readonly TaskHook[] {
  if (state.type === "RUNNING") return options.onRunning ?? [];
  if (state.type === "COMPLETED") return options.onCompletion ?? [];
  return state.type === "FAILED" ? (options.onFailure ?? []) : [];
}
