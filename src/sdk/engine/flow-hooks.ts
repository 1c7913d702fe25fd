import type { FlowHook, FlowOptions } from "../options.ts";
import type { FlowRunScope } from "../runtime/scope.ts";
import type { State } from "../state.ts";
import { runHooks } from "./hooks.ts";

/** Runs the flow's hooks for the state it is now in. */
export async function runFlowHooks(flowRun: FlowRunScope, state: State): Promise<void> {
  const { definition, run } = flowRun;
  const hooks = hooksFor(definition.options, state).map((hook) => ({
    name: hook.name || "hook",
    call: () => hook(definition, run, state),
  }));
  await runHooks(hooks, state);
}

function hooksFor(options: FlowOptions, { type }: State): readonly FlowHook[] {
  switch (type) {
    case "RUNNING":
      return options.onRunning ?? [];
    case "COMPLETED":
      return options.onCompletion ?? [];
    case "FAILED":
      return options.onFailure ?? [];
    case "CANCELLING":
      return options.onCancellation ?? [];
    case "CRASHED":
      return options.onCrashed ?? [];
    case "SCHEDULED":
    case "PENDING":
    case "PAUSED":
    case "CANCELLED":
      return [];
  }
}
