import type { Db } from "../../db/database.ts";
import { insertServerEvents, type NewEvent } from "../../db/repositories/events.ts";
import { type LockedFlowRun, lockFlowRun } from "../../db/repositories/flow-runs.ts";
import { flowRunStateEvent } from "../../domain/events/flow-run-state-event.ts";
import { type Decision, decide } from "../../domain/orchestration/decide.ts";
import type { Client, FlowRunColumns, State } from "../../domain/orchestration/facts.ts";
import { CoreFlowPolicy, MinimalFlowPolicy } from "../../domain/orchestration/policies.ts";
import { factsFor, type Policy } from "../../domain/orchestration/rule.ts";
import { newState, type StateFields } from "../../domain/orchestration/states.ts";
import { queueForTriggers } from "../automations/queue.ts";
import type { ServerContext } from "../context.ts";
import { FlowRunToSetNotFound } from "../errors.ts";
import { type AppliedEffects, applyEffects } from "./apply-effects.ts";
import { currentState, eventSubject, runColumns } from "./flow-run-subject.ts";
import { loadFlowFacts } from "./load-facts.ts";
import { answeredState, movedOn, type OrchestrationResult } from "./orchestration-result.ts";
import { orchestrationSettings } from "./orchestration-settings.ts";
import { writeFlowRunState } from "./write-flow-run-state.ts";

/** A state someone wants a run to be in. */
export interface ProposedState {
  readonly state: StateFields;
  /** Skips all rules but those that keep the books right. @default false */
  readonly force?: boolean;
  /** @default by `force`: MinimalFlowPolicy or CoreFlowPolicy */
  readonly policy?: Policy<FlowRunColumns>;
  readonly client: Client;
  /** Id of the state that the run must still be in: when it has moved on nothing changes, and the answer is ABORT. */
  readonly from?: string | null;
}

/**
 * Proposes a state for a flow run in a transaction of its own: lock, facts, decision, state and event together, then
 * tells the listeners.
 * @throws FlowRunToSetNotFound
 */
export async function setFlowRunState(
  ctx: ServerContext,
  id: string,
  proposal: ProposedState,
): Promise<OrchestrationResult> {
  const { result, outcome } = await ctx.db.write(async (tx) => {
    const row = await lockFlowRun(tx, id);
    if (!row) throw FlowRunToSetNotFound(id);
    return orchestrateFlowRun(ctx, tx, { row, ...proposal });
  });
  announce(ctx, outcome);
  return result;
}

/** What is left to do after the commit. */
export interface Outcome {
  readonly events: readonly NewEvent[];
  readonly afterCommit: readonly (() => void)[];
}

/** Hands committed events to the listeners and starts what waits for the commit. */
export function announce(ctx: ServerContext, outcome: Outcome): void {
  ctx.bus.publish(outcome.events);
  for (const start of outcome.afterCommit) start();
}

/**
 * The same within the caller's transaction; the caller calls `announce` after its commit.
 * `write` puts the decision into the database: by default it changes the run, for a new run it also inserts it.
 */
export async function orchestrateFlowRun(
  ctx: ServerContext,
  tx: Db,
  proposal: ProposedState & { readonly row: LockedFlowRun; readonly write?: typeof writeFlowRunState },
): Promise<{ readonly result: OrchestrationResult; readonly outcome: Outcome }> {
  const { row, from, write = writeFlowRunState } = proposal;
  if (from !== undefined && from !== row.state_id) return { result: movedOn(currentState(row)), outcome: NOTHING };
  const now = ctx.clock.now();
  const policy = proposal.policy ?? (proposal.force ? MinimalFlowPolicy : CoreFlowPolicy);
  const initial = currentState(row);
  const intent = {
    run: runColumns(row),
    initial,
    proposed: newState(proposal.state, { now, ids: ctx.ids }),
    client: proposal.client,
  };
  const facts = await loadFlowFacts(ctx, tx, { names: factsFor(policy, intent), row, intent });
  const transition = { ...intent, now, random: Math.random(), ids: ctx.ids, settings: orchestrationSettings(ctx) };
  const decision = decide(policy, transition, facts);

  await write(ctx, tx, { row, now, state: decision.state, run: decision.run });
  const applied = await applyEffects(ctx, tx, decision.effects);
  const outcome = await storeEvents(ctx, tx, { row, decision, applied });
  const { status, details } = decision;
  return { result: { state: answeredState(decision.state) ?? initial, status, details }, outcome };
}

const NOTHING: Outcome = { events: [], afterCommit: [] };

async function storeEvents(
  ctx: ServerContext,
  tx: Db,
  from: { row: LockedFlowRun; decision: Decision<FlowRunColumns>; applied: AppliedEffects },
): Promise<Outcome> {
  const { row, decision, applied } = from;
  const received = ctx.clock.now();
  const own = decision.effects.flatMap((effect): NewEvent[] => {
    if (effect.kind !== "emit-flow-run-event") return [];
    const subject = eventSubject(row, decision.run.run_count ?? row.run_count);
    const previous = effect.initial === null ? undefined : eventState(effect.initial);
    return [{ ...flowRunStateEvent(subject, previous, eventState(effect.state)), received }];
  });
  await insertServerEvents(tx, own, { now: received, nextId: () => ctx.ids.next() });
  await queueForTriggers(ctx, tx, own);
  return { events: [...own, ...applied.events], afterCommit: applied.afterCommit };
}

function eventState(state: State) {
  return { ...state, pauseReschedule: state.state_details.pause_reschedule };
}
