import type { Ids } from "../../kit/ids.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import { STATE_TYPES } from "../../schemas/state.ts";
import type { Effect } from "./effects.ts";
import type { Client, FactName, Facts, OrchestrationSettings, State, StateDetails, StateType } from "./facts.ts";

/** Every state type, and no state at all. */
export const ANY: readonly (StateType | null)[] = [...STATE_TYPES, null];

/** A transition as asked for. */
export interface Intent<Run> {
  readonly run: Run;
  readonly initial: State | null;
  readonly proposed: State;
  readonly client: Client;
}

/** A transition as the rules before this one left it. */
export interface Transition<Run> extends Intent<Run> {
  readonly now: Timestamp;
  /** Uniform in [0, 1). */
  readonly random: number;
  readonly ids: Ids;
  readonly settings: OrchestrationSettings;
}

/** A transition whose outcome is known. */
export interface Settled<Run> extends Omit<Transition<Run>, "proposed"> {
  /** The state the run is in afterwards: the one written, or the current one when nothing is. */
  readonly validated: State | null;
  readonly status: Status;
}

export type Status = "ACCEPT" | "REJECT" | "WAIT" | "ABORT";

/** Columns to write and things to do. */
export interface Consequences<Run> {
  readonly run?: Partial<Run>;
  readonly effects?: readonly Effect[];
}

export type Verdict<Run> = Consequences<Run> &
  (
    | { readonly kind: "pass"; readonly details?: Partial<StateDetails> }
    | { readonly kind: "rename"; readonly name: string }
    /** REJECT, with `state` in place of the one proposed. */
    | { readonly kind: "replace"; readonly state: State; readonly reason: string }
    /** REJECT, the run stays as it is. */
    | { readonly kind: "reject"; readonly reason: string }
    | { readonly kind: "wait"; readonly seconds: number; readonly reason: string }
    | { readonly kind: "abort"; readonly reason: string }
  );

/**
 * A pure value that governs some transitions.
 *
 * `decide` sees what earlier rules made of the transition and is skipped once its type has changed. Its `run` patch is
 * visible to later rules; patch and effects are dropped when a later rule changes the type. `after` sees the outcome
 * and runs only when the type it left the transition with is the one that stood, and is one of `to`.
 */
export interface Rule<Run, Needs extends FactName = never> {
  readonly name: string;
  readonly from: readonly (StateType | null)[];
  readonly to: readonly (StateType | null)[];
  readonly facts?: readonly Needs[];
  /** False: the rule has nothing to say and needs no facts. May read only what no rule changes. */
  readonly applies?: (intent: Intent<Run>) => boolean;
  readonly decide: (transition: Transition<Run>, facts: Pick<Facts, Needs>) => Verdict<Run>;
  readonly after?: (settled: Settled<Run>, facts: Pick<Facts, Needs>) => Consequences<Run>;
}

export interface Change<Run> {
  readonly run?: Partial<Run>;
  readonly timestamp?: Timestamp;
  readonly details?: Partial<StateDetails>;
}

/** Bookkeeping that always happens when a state is written, whatever the rules made of the transition. */
export interface Transform<Run, Needs extends FactName = never> {
  readonly name: string;
  readonly facts?: readonly Needs[];
  /** False: the facts need not be loaded and the transform is skipped without them. */
  readonly isNeeded?: (intent: Intent<Run>) => boolean;
  /** Changes the run's columns or the state before it is written. */
  readonly before?: (transition: Transition<Run>, facts: Pick<Facts, Needs>) => Change<Run>;
  readonly after?: (settled: Settled<Run>, facts: Pick<Facts, Needs>) => readonly Effect[];
}

export interface Policy<Run> {
  readonly name: string;
  readonly rules: readonly Rule<Run, FactName>[];
  readonly transforms: readonly Transform<Run, FactName>[];
}

export const pass = { kind: "pass" } as const;

/** The policy's rules for a transition between these types, in order. */
export function rulesFor<Run>(
  policy: Policy<Run>,
  from: StateType | null,
  to: StateType,
): readonly Rule<Run, FactName>[] {
  return policy.rules.filter((rule) => rule.from.includes(from) && rule.to.includes(to));
}

/** The facts `decide` will need for this transition, to be loaded under the run's lock. */
export function factsFor<Run>(policy: Policy<Run>, intent: Intent<Run>): ReadonlySet<FactName> {
  const names = new Set<FactName>();
  const governing = rulesFor(policy, intent.initial?.type ?? null, intent.proposed.type);
  for (const rule of governing) {
    if (rule.facts !== undefined && rule.applies?.(intent) !== false) for (const name of rule.facts) names.add(name);
  }
  for (const part of policy.transforms) {
    if (part.facts !== undefined && part.isNeeded?.(intent) !== false) for (const name of part.facts) names.add(name);
  }
  return names;
}
