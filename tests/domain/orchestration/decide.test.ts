import { expect, test } from "vitest";
import { decide } from "../../../src/domain/orchestration/decide.ts";
import { FactNotLoaded } from "../../../src/domain/orchestration/errors.ts";
import type { FactName, FlowRunColumns } from "../../../src/domain/orchestration/facts.ts";
import { CoreFlowPolicy, MinimalFlowPolicy } from "../../../src/domain/orchestration/policies.ts";
import { ANY, factsFor, pass, type Rule } from "../../../src/domain/orchestration/rule.ts";
import { newState } from "../../../src/domain/orchestration/states.ts";
import { countingIds, FLOW_POLICY, flowRun, kinds, NOW, propose, SETTINGS, stored, summary } from "./support.ts";

type FlowRule = Rule<FlowRunColumns, FactName>;

const ASKED = { run: flowRun(), from: { type: "PENDING" }, to: { type: "RUNNING" } } as const;
const forget = { kind: "forget-lease", leaseId: "lease" } as const;

function rule(name: string, rest: Partial<FlowRule>): FlowRule {
  return { name, from: ANY, to: ANY, decide: () => pass, ...rest };
}

function policyOf(...rules: readonly FlowRule[]) {
  return { name: "test", rules, transforms: [] };
}

test("rules speak in order and see what earlier ones changed", () => {
  const addTen = rule("add", { decide: ({ run }) => ({ kind: "pass", run: { run_count: run.run_count + 10 } }) });
  const double = rule("double", { decide: ({ run }) => ({ kind: "pass", run: { run_count: run.run_count * 2 } }) });

  expect(propose(policyOf(addTen, double), ASKED).run).toEqual({ run_count: 20 });
});

test("a rule that governs other transitions has no say", () => {
  const elsewhere = rule("elsewhere", { to: ["PAUSED"], decide: () => ({ kind: "abort", reason: "no" }) });

  expect(summary(propose(policyOf(elsewhere), ASKED))).toBe("ACCEPT RUNNING");
});

test.each([
  ["aborts", { kind: "abort", reason: "first" }, "ABORT -: first"],
  ["rejects", { kind: "reject", reason: "first" }, "REJECT -: first"],
  ["waits", { kind: "wait", seconds: 5, reason: "first" }, "WAIT 5 -: first"],
] as const)("after a rule that %s no later rule speaks", (_title, verdict, expected) => {
  const first = rule("first", { decide: () => verdict });
  const second = rule("second", { decide: () => ({ kind: "abort", reason: "second" }) });

  expect(summary(propose(policyOf(first, second), ASKED))).toBe(expected);
});

test("a rule that puts another type in place silences later rules; the same type does not", () => {
  const replaceBy = (type: "FAILED" | "RUNNING") =>
    rule("replace", {
      decide: (transition) => ({
        kind: "replace",
        state: newState({ type, name: "Mine" }, transition),
        reason: "mine",
      }),
    });
  const rename = rule("rename", { decide: () => ({ kind: "rename", name: "Theirs" }) });

  expect(summary(propose(policyOf(replaceBy("FAILED"), rename), ASKED))).toBe("REJECT FAILED Mine: mine");
  expect(summary(propose(policyOf(replaceBy("RUNNING"), rename), ASKED))).toBe("REJECT RUNNING Theirs: mine");
});

test("what a rule wrote and did is dropped when a later rule changes the transition", () => {
  const first = rule("first", {
    decide: () => ({ kind: "pass", run: { run_count: 7 }, effects: [forget] }),
    after: () => ({ run: { infrastructure_pid: "pid" }, effects: [forget] }),
  });
  const second = rule("second", { decide: () => ({ kind: "wait", seconds: 1, reason: "later" }) });

  expect(propose(policyOf(first, second), ASKED)).toMatchObject({ run: {}, effects: [] });
  expect(propose(policyOf(first), ASKED)).toMatchObject({
    run: { run_count: 7, infrastructure_pid: "pid" },
    effects: [forget, forget],
  });
});

test("what a rule wrote stays when the rule itself changed the transition, and nothing comes after", () => {
  const own = rule("own", {
    to: ["RUNNING"],
    decide: () => ({ kind: "reject", reason: "own", run: { run_count: 7 } }),
    after: () => ({ effects: [forget] }),
  });

  expect(propose(policyOf(own), ASKED)).toMatchObject({ status: "REJECT", run: { run_count: 7 }, effects: [] });
});

test("after-rules come in reverse order, each seeing the run as it will be written", () => {
  const append = (text: string) =>
    rule(text, { after: ({ run }) => ({ run: { infrastructure_pid: `${run.infrastructure_pid ?? ""}${text}` } }) });

  expect(propose(policyOf(append("a"), append("b")), ASKED).run).toEqual({ infrastructure_pid: "ba" });
});

test("nothing is written and no event leaves when the transition comes to nothing", () => {
  const decision = propose(CoreFlowPolicy, { ...ASKED, from: { type: "RUNNING" }, to: { type: "PENDING" } });

  expect(decision).toMatchObject({ status: "ABORT", state: null, run: {}, effects: [] });
});

test("a rule without its facts is an error", () => {
  const asked = {
    run: flowRun({ deployment_id: "deployment" }),
    initial: stored({ type: "SCHEDULED" }),
    proposed: stored({ type: "PENDING" }),
    client: {},
    now: NOW,
    random: 0,
    ids: countingIds(),
    settings: SETTINGS,
  };

  expect(() => decide(CoreFlowPolicy, asked, { stateTimestamps: [] })).toThrow(
    FactNotLoaded("secure-deployment-slot", "deployment").message,
  );
});

test.each([
  ["PENDING", "RUNNING"],
  ["RUNNING", "COMPLETED"],
  ["RUNNING", "FAILED"],
] as const)("a plain run needs no facts to go from %s to %s", (from, to) => {
  const intent = {
    run: flowRun({ empirical_policy: { ...FLOW_POLICY, retries: 2 } }),
    initial: stored({ type: from }),
    proposed: newState({ type: to }, { now: NOW, ids: countingIds() }),
    client: { version: "3.9.1", apiVersion: "0.8.4" },
  };

  expect([...factsFor(CoreFlowPolicy, intent), ...factsFor(MinimalFlowPolicy, intent)]).toEqual([]);
});

test("a plain run's start has no effect but its event", () => {
  expect(kinds(propose(CoreFlowPolicy, ASKED))).toEqual(["emit-flow-run-event"]);
});
