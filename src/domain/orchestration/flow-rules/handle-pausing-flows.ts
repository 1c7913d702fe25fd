import type { FlowRunColumns } from "../facts.ts";
import { ANY, pass, type Rule, type Transition, type Verdict } from "../rule.ts";

/** Only a running run pauses, each pause key once an attempt; suspending also needs a deployment to come back through. */
export const handlePausingFlows: Rule<FlowRunColumns> = {
  name: "handle-pausing-flows",
  from: ANY,
  to: ["PAUSED"],
  decide: (transition) => refusal(transition) ?? pass,
  after({ run, validated, ids }) {
    const details = validated?.state_details;
    const policy = run.empirical_policy;
    const key = details?.pause_key ?? ids.next();
    const keyset = Object.values(details?.run_input_keyset ?? {});
    return {
      run: { empirical_policy: { ...policy, pause_keys: [...(policy.pause_keys ?? []), key] } },
      // The key had not fired in this attempt, so an answer stored under its keyset belongs to an earlier one.
      effects: keyset.length === 0 ? [] : [{ kind: "delete-flow-run-inputs", flowRunId: run.id, keys: keyset }],
    };
  },
};

function refusal({ run, initial, proposed }: Transition<FlowRunColumns>): Verdict<FlowRunColumns> | undefined {
  const verb = proposed.name === "Suspended" ? "suspend" : "pause";
  const { pause_key: key, pause_reschedule: leavesProcess } = proposed.state_details;
  if (initial === null) return { kind: "abort", reason: `Cannot ${verb} flows with no state.` };
  if (initial.type !== "RUNNING") {
    return { kind: "reject", reason: `Cannot ${verb} flows that are not currently running.` };
  }
  if (key !== null && run.empirical_policy.pause_keys?.includes(key)) {
    return { kind: "reject", reason: `This ${verb} has already fired.` };
  }
  if (leavesProcess && run.parent_task_run_id) return { kind: "abort", reason: `Cannot ${verb} subflows.` };
  if (leavesProcess && run.deployment_id === null) {
    return { kind: "abort", reason: `Cannot ${verb} flows without a deployment.` };
  }
  return undefined;
}
