import type { Db } from "../../db/database.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import type { Effect } from "../../domain/orchestration/effects.ts";
import type { ServerContext } from "../context.ts";

/** Events that effects caused, already stored, and what waits for the commit. */
export interface AppliedEffects {
  readonly events: readonly NewEvent[];
  readonly afterCommit: readonly (() => void)[];
}

/** Does what a decision asked for, in its order, within the decision's transaction. */
export async function applyEffects(_ctx: ServerContext, _tx: Db, _effects: readonly Effect[]): Promise<AppliedEffects> {
  return { events: [], afterCommit: [] };
}
