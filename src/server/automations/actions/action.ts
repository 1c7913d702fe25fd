import type { Db } from "../../../db/database.ts";
import type { TriggeredAction } from "../../../domain/automations/firing.ts";
import type { ActionInput } from "../../../schemas/action.ts";
import type { ServerContext } from "../../context.ts";
import type { Outcome } from "../../orchestration/set-flow-run-state.ts";

export type Labels = Readonly<Record<string, string>>;

/** What an action has come upon so far; told in its event, whether it succeeds or not. */
export interface Findings {
  readonly related: Labels[];
  readonly details: Record<string, unknown>;
}

/** One action to carry out. */
export interface ActionCall<A extends ActionInput = ActionInput> {
  readonly ctx: ServerContext;
  readonly triggered: TriggeredAction;
  readonly action: A;
  readonly found: Findings;
}

/** What came of a change of rows. */
export interface Changed extends Partial<Outcome> {
  readonly details?: Readonly<Record<string, unknown>>;
  /** Why the action has failed although its change is to stay. */
  readonly failure?: string;
}

/**
 * Changes rows in the transaction that also stores the action's events and takes it off the queue, so that it happens
 * once. May be re-run; throws errors of the catalogue where the API would answer with them.
 */
export type Change = (tx: Db) => Promise<Changed>;

/**
 * Carries an action out, or gives the change that does.
 * @throws ActionFailed, errors of the catalogue
 */
export type Act<A extends ActionInput> = (call: ActionCall<A>) => Promise<Change | undefined>;

/** An action that cannot be carried out, now or later. */
export class ActionFailed extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = "ActionFailed";
    this.reason = reason;
  }
}

/** Who the runs that an action makes are made by. */
export function creatorOf({ automation }: TriggeredAction) {
  return { id: automation.id, type: "AUTOMATION" as const, display_value: automation.name };
}
