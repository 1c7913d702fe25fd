import type { Db } from "../../db/database.ts";
import { type LockedTaskRun, lockTaskRun } from "../../db/repositories/task-runs.ts";
import { decide } from "../../domain/orchestration/decide.ts";
import type { Client, State, TaskRunColumns } from "../../domain/orchestration/facts.ts";
import { taskPolicyFor } from "../../domain/orchestration/policies.ts";
import { factsFor, type Policy } from "../../domain/orchestration/rule.ts";
import { newState, type StateFields } from "../../domain/orchestration/states.ts";
import type { ServerContext } from "../context.ts";
import { TaskRunToSetNotFound } from "../errors.ts";
import { type AfterCommit, applyTaskEffects } from "./apply-task-effects.ts";
import { loadTaskFacts } from "./load-facts.ts";
import { answeredState, movedOn, type OrchestrationResult } from "./orchestration-result.ts";
import { orchestrationSettings } from "./orchestration-settings.ts";
import { currentTaskState, taskRunColumns } from "./task-run-subject.ts";
import { writeTaskRunState } from "./write-task-run-state.ts";

/** A state someone wants a task run to be in: a whole state, or the parts of one made now. */
export type TaskRunProposal = ({ readonly state: StateFields } | { readonly proposed: State }) & {
  /** Skips all rules but those that keep the books right. @default false */
  readonly force?: boolean;
  /** @default by `force` and the state, see `taskPolicyFor` */
  readonly policy?: Policy<TaskRunColumns>;
  readonly client: Client;
  /** Id of the state that the run must still be in: when it has moved on nothing changes, and the answer is ABORT. */
  readonly from?: string | null;
};

/**
 * Proposes a state for a task run in a transaction of its own: lock, facts, decision and state together.
 * @throws TaskRunToSetNotFound
 */
export async function setTaskRunState(
  ctx: ServerContext,
  id: string,
  proposal: TaskRunProposal,
): Promise<OrchestrationResult> {
  const { result, afterCommit } = await ctx.db.write(async (tx) => {
    const row = await lockTaskRun(tx, id);
    if (!row) throw TaskRunToSetNotFound(id);
    return orchestrateTaskRun(ctx, tx, { ...proposal, row });
  });
  for (const start of afterCommit) start();
  return result;
}

/**
 * The same within the caller's transaction; the caller runs `afterCommit` after its commit.
 * `columns` are written with the state, over what the rules say. `write` puts the decision into the database: by default
 * it changes the run, for a new run it also inserts it.
 */
export async function orchestrateTaskRun(
  ctx: ServerContext,
  tx: Db,
  proposal: TaskRunProposal & {
    readonly row: LockedTaskRun;
    readonly columns?: Partial<TaskRunColumns>;
    readonly write?: typeof writeTaskRunState;
  },
): Promise<{ readonly result: OrchestrationResult; readonly afterCommit: AfterCommit }> {
  const { row, columns, from, write = writeTaskRunState } = proposal;
  if (from !== undefined && from !== row.state_id) return { result: movedOn(currentTaskState(row)), afterCommit: [] };
  const now = ctx.clock.now();
  const proposed = "proposed" in proposal ? proposal.proposed : newState(proposal.state, { now, ids: ctx.ids });
  const policy = proposal.policy ?? taskPolicyFor({ force: proposal.force ?? false, proposed });
  const initial = currentTaskState(row);
  const intent = { run: taskRunColumns(row), initial, proposed, client: proposal.client };
  const facts = await loadTaskFacts(ctx, tx, { names: factsFor(policy, intent), intent });
  const transition = { ...intent, now, random: Math.random(), ids: ctx.ids, settings: orchestrationSettings(ctx) };
  const { state, run, effects, status, details } = decide(policy, transition, facts);

  await write(ctx, tx, { row, now, state, run: { ...run, ...columns } });
  const afterCommit = await applyTaskEffects(ctx, tx, effects);
  return { result: { state: answeredState(state) ?? initial, status, details }, afterCommit };
}
