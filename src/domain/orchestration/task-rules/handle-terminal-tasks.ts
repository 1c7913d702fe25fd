import type { Facts, TaskRunColumns } from "../facts.ts";
import { ANY, pass, type Rule, type Transition } from "../rule.ts";
import { holdsResult, isTerminal, TERMINAL_TYPES } from "../states.ts";

/** A finished task run may run again unless its result is stored; its retries then start from zero. */
export const handleTerminalTasks: Rule<TaskRunColumns, "flowRun"> = {
  name: "handle-terminal-tasks",
  from: TERMINAL_TYPES,
  to: ANY,
  facts: ["flowRun"],
  decide(transition, { flowRun }) {
    const { initial, proposed } = transition;
    if (initial === null) return pass;
    if (["CANCELLING", "PAUSED", "CRASHED"].includes(proposed.type)) {
      return { kind: "abort", reason: `Run is already ${initial.type}.` };
    }
    if (initial.type === "COMPLETED" && holdsResult(initial)) {
      return { kind: "reject", reason: "This run is already completed." };
    }
    if (isTerminal(proposed)) return pass;
    const run = { run_count: 0 };
    return isFlowRetry(transition, flowRun) ? { kind: "rename", name: "Retrying", run } : { kind: "pass", run };
  },
};

function isFlowRetry({ run, proposed }: Transition<TaskRunColumns>, flowRun: Facts["flowRun"]): boolean {
  return proposed.type === "RUNNING" && flowRun !== null && run.flow_run_run_count < flowRun.run_count;
}
