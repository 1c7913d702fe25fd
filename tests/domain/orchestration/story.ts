import { type Decision, decide } from "../../../src/domain/orchestration/decide.ts";
import type { Effect } from "../../../src/domain/orchestration/effects.ts";
import type { Client, Facts, FlowRunColumns, State, TaskRunColumns } from "../../../src/domain/orchestration/facts.ts";
import type { Policy } from "../../../src/domain/orchestration/rule.ts";
import { newState, type StateFields } from "../../../src/domain/orchestration/states.ts";
import { at, countingIds, SETTINGS, summary } from "./support.ts";

/** One run going from state to state: what each proposal came to, and the run as its row would be. */
export interface Story<Run> {
  run: Run;
  state: State | null;
  readonly effects: Effect[];
  /** Proposes a state and gives the decision's summary. */
  propose(to: StateFields, options?: Options<Run>): string;
  /** Lets time pass. */
  wait(seconds: number): void;
}

interface Options<Run> {
  readonly policy?: Policy<Run>;
  readonly facts?: Partial<Facts>;
}

/** A run without a state, under a policy, for one client. */
export function tell<Run extends FlowRunColumns | TaskRunColumns>(given: {
  readonly run: Run;
  readonly policy: Policy<Run>;
  readonly client?: Client;
}): Story<Run> {
  const ids = countingIds("id");
  let seconds = 0;
  return {
    run: given.run,
    state: null,
    effects: [],
    propose(to, options = {}) {
      const now = at(seconds);
      const decision: Decision<Run> = decide(
        options.policy ?? given.policy,
        {
          run: this.run,
          initial: this.state,
          proposed: newState(to, { now, ids }),
          client: given.client ?? { version: "3.9.1", apiVersion: "0.8.4" },
          now,
          random: 0.5,
          ids,
          settings: SETTINGS,
        },
        options.facts ?? {},
      );
      this.run = { ...this.run, ...decision.run };
      this.state = decision.state ?? this.state;
      this.effects.push(...decision.effects);
      seconds += 1;
      return summary(decision);
    },
    wait(more) {
      seconds += more;
    },
  };
}
