import type { Effect } from "./effects.ts";
import { FactNotLoaded } from "./errors.ts";
import type { FactName, Facts, State, StateType } from "./facts.ts";
import {
  type Consequences,
  type Policy,
  type Rule,
  rulesFor,
  type Settled,
  type Status,
  type Transform,
  type Transition,
  type Verdict,
} from "./rule.ts";

/** The `details` of an orchestration result, as on the wire. */
export type StatusDetails =
  | { readonly type: "accept_details" }
  | { readonly type: "reject_details" | "abort_details"; readonly reason: string }
  | { readonly type: "wait_details"; readonly delay_seconds: number; readonly reason: string };

export interface Decision<Run> {
  readonly status: Status;
  readonly details: StatusDetails;
  /** The state to write; null leaves the run in its current state. */
  readonly state: State | null;
  /** Columns of the run to write; may be non-empty even when no state is written. */
  readonly run: Partial<Run>;
  readonly effects: readonly Effect[];
}

interface Answer {
  readonly status: Status;
  readonly details: StatusDetails;
}

/** A rule that took part, and the type it left the transition with (null: nothing to write). */
interface Step<Run> extends Consequences<Run> {
  readonly rule: Rule<Run, FactName>;
  readonly to: StateType | null;
}

const ACCEPTED: Answer = { status: "ACCEPT", details: { type: "accept_details" } };

/** Decides a transition under a policy. `facts` must hold what `factsFor` named; pure, so nothing needs an undo. */
export function decide<Run extends object>(
  policy: Policy<Run>,
  transition: Transition<Run>,
  facts: Partial<Facts>,
): Decision<Run> {
  const judged = judge(policy, transition, facts);
  const changed = judged.proposed === null ? undefined : transform(policy, judged.transition, facts);
  const state = changed?.state ?? null;
  const settled: Settled<Run> = {
    ...judged.transition,
    validated: state ?? transition.initial,
    status: judged.answer.status,
  };

  const standing = judged.steps.filter(({ to }) => to === (state?.type ?? null));
  const run: Partial<Run> = Object.assign({}, ...standing.map((step) => step.run), changed?.run);
  const effects = standing.flatMap((step) => step.effects ?? []);
  if (state !== null) effects.push(...transformEffects(policy, settled, facts));
  for (const { rule, to } of standing.toReversed()) {
    if (rule.after === undefined || !rule.to.includes(to)) continue;
    const consequences = rule.after({ ...settled, run: { ...transition.run, ...run } }, needed(rule, facts));
    Object.assign(run, consequences.run);
    effects.push(...(consequences.effects ?? []));
  }
  return { ...judged.answer, state, run, effects };
}

/** Lets each governing rule speak in turn, as long as the transition is still the one asked for. */
function judge<Run extends object>(policy: Policy<Run>, asked: Transition<Run>, facts: Partial<Facts>) {
  const steps: Step<Run>[] = [];
  let transition = asked;
  let proposed: State | null = asked.proposed;
  let answer = ACCEPTED;
  for (const rule of rulesFor(policy, asked.initial?.type ?? null, asked.proposed.type)) {
    if (proposed?.type !== asked.proposed.type) break;
    if (rule.applies?.(asked) === false) continue;
    const verdict = rule.decide(transition, needed(rule, facts));
    proposed = nextProposed(proposed, verdict);
    answer = answerTo(verdict) ?? answer;
    transition = {
      ...transition,
      proposed: proposed ?? transition.proposed,
      run: verdict.run === undefined ? transition.run : { ...transition.run, ...verdict.run },
    };
    steps.push({
      rule,
      to: proposed?.type ?? null,
      ...(verdict.run && { run: verdict.run }),
      ...(verdict.effects && { effects: verdict.effects }),
    });
  }
  return { steps, transition, proposed, answer };
}

function nextProposed<Run>(proposed: State, verdict: Verdict<Run>): State | null {
  switch (verdict.kind) {
    case "pass":
      return verdict.details === undefined
        ? proposed
        : { ...proposed, state_details: { ...proposed.state_details, ...verdict.details } };
    case "rename":
      return { ...proposed, name: verdict.name };
    case "replace":
      return verdict.state;
    case "reject":
    case "wait":
    case "abort":
      return null;
  }
}

function answerTo<Run>(verdict: Verdict<Run>): Answer | undefined {
  switch (verdict.kind) {
    case "pass":
    case "rename":
      return undefined;
    case "replace":
    case "reject":
      return { status: "REJECT", details: { type: "reject_details", reason: verdict.reason } };
    case "abort":
      return { status: "ABORT", details: { type: "abort_details", reason: verdict.reason } };
    case "wait":
      return {
        status: "WAIT",
        details: { type: "wait_details", delay_seconds: verdict.seconds, reason: verdict.reason },
      };
  }
}

function transform<Run extends object>(policy: Policy<Run>, judged: Transition<Run>, facts: Partial<Facts>) {
  const run: Partial<Run> = {};
  let transition = judged;
  for (const part of policy.transforms) {
    if (part.before === undefined || (part.isNeeded?.(judged) === false && !isLoaded(part, facts))) continue;
    const change = part.before(transition, needed(part, facts));
    Object.assign(run, change.run);
    const { proposed } = transition;
    transition = {
      ...transition,
      run: change.run === undefined ? transition.run : { ...transition.run, ...change.run },
      proposed: {
        ...proposed,
        timestamp: change.timestamp ?? proposed.timestamp,
        state_details:
          change.details === undefined ? proposed.state_details : { ...proposed.state_details, ...change.details },
      },
    };
  }
  return { run, state: transition.proposed };
}

/** After-effects run innermost first: the reverse of the policy's order. */
function transformEffects<Run extends object>(policy: Policy<Run>, settled: Settled<Run>, facts: Partial<Facts>) {
  return policy.transforms.toReversed().flatMap((part) => part.after?.(settled, needed(part, facts)) ?? []);
}

function isLoaded<Run>(part: Transform<Run, FactName>, facts: Partial<Facts>): boolean {
  return (part.facts ?? []).every((name) => facts[name] !== undefined);
}

function needed<Run>(part: Rule<Run, FactName> | Transform<Run, FactName>, facts: Partial<Facts>): Facts {
  for (const name of part.facts ?? []) if (facts[name] === undefined) throw FactNotLoaded(part.name, name);
  return facts as Facts;
}
