import type { Db } from "../../db/database.ts";
import { findFlowRunInput, insertFlowRunInput } from "../../db/repositories/flow-run-inputs.ts";
import { type LockedFlowRun, lockFlowRun } from "../../db/repositories/flow-runs.ts";
import type { Client, State } from "../../domain/orchestration/facts.ts";
import { checkAgainstSchema } from "../../domain/parameters/check-against-schema.ts";
import { isObject, type JsonObject } from "../../domain/parameters/json-types.ts";
import { parseJson } from "../../kit/json.ts";
import type { ServerContext } from "../context.ts";
import { FlowRunNotFound, IntegrityConflict } from "../errors.ts";
import { currentState } from "./flow-run-subject.ts";
import type { OrchestrationResult } from "./orchestration-result.ts";
import { hydrateValues } from "./run-parameters.ts";
import { announce, type Outcome, orchestrateFlowRun } from "./set-flow-run-state.ts";

/** What a paused run is given to go on with. */
export interface Resumption {
  /** The answer to the pause, where it asked for input. */
  readonly runInput: JsonObject | null;
  readonly client: Client;
}

interface Resumed {
  readonly result: OrchestrationResult;
  readonly outcome?: Outcome;
}

/**
 * Lets a paused run go on: in its process, or for a suspended one by scheduling it. Input that does not fit what the
 * pause asked for leaves it paused. @throws FlowRunNotFound
 */
export async function resumeFlowRun(
  ctx: ServerContext,
  id: string,
  resumption: Resumption,
): Promise<OrchestrationResult> {
  const { result, outcome } = await ctx.db.write(async (tx): Promise<Resumed> => {
    const row = await lockFlowRun(tx, id);
    if (!row) throw FlowRunNotFound();
    const state = currentState(row);
    if (state?.type !== "PAUSED") return { result: NOT_PAUSED };
    return resumeFrom(ctx, tx, { row, state, resumption });
  });
  if (outcome) announce(ctx, outcome);
  return result;
}

const NOT_PAUSED: OrchestrationResult = {
  state: null,
  status: "ABORT",
  details: { type: "abort_details", reason: "Cannot resume a flow run that is not paused." },
};

async function resumeFrom(
  ctx: ServerContext,
  tx: Db,
  from: { readonly row: LockedFlowRun; readonly state: State; readonly resumption: Resumption },
): Promise<Resumed> {
  const { row, state, resumption } = from;
  const { run_input_keyset: keyset, pause_reschedule: leftProcess } = state.state_details;
  const answer = keyset ? await readAnswer(tx, { row, keyset, input: resumption.runInput ?? {} }) : undefined;
  if (answer?.kind === "refused") {
    const details = { type: "abort_details", reason: answer.reason } as const;
    return { result: { state, status: "REJECT", details } };
  }

  const next = leftProcess ? ({ type: "SCHEDULED", name: "Resuming" } as const) : ({ type: "RUNNING" } as const);
  const { result, outcome } = await orchestrateFlowRun(ctx, tx, { row, state: next, client: resumption.client });
  if (keyset && answer && result.status === "ACCEPT" && Object.keys(answer.input).length > 0) {
    await storeAnswer(ctx, tx, {
      flow_run_id: row.id,
      key: keyset.response ?? "",
      value: JSON.stringify(answer.input),
    });
  }
  return { result, outcome };
}

type Answer =
  | { readonly kind: "fits"; readonly input: JsonObject }
  | { readonly kind: "refused"; readonly reason: string };

/** Resolves the input and checks it against the schema that the pause stored. */
async function readAnswer(
  tx: Db,
  given: { readonly row: LockedFlowRun; readonly keyset: Readonly<Record<string, string>>; readonly input: JsonObject },
): Promise<Answer> {
  const hydrated = await hydrateValues(tx, given.input);
  if (hydrated.kind === "invalid") return refused(`Error hydrating run input: ${hydrated.reason}`);
  const stored = await findFlowRunInput(tx, { flow_run_id: given.row.id, key: given.keyset.schema ?? "" });
  if (!stored) return refused("Run input schema not found.");
  const schema = readSchema(stored.value);
  if (schema === undefined) return refused("Run input schema is not valid JSON.");
  const problem = checkAgainstSchema(hydrated.value, schema);
  if (problem === undefined) return { kind: "fits", input: hydrated.value };
  return problem.kind === "circular"
    ? refused("Invalid schema: Unable to validate schema with circular references.")
    : refused(`Reason: ${problem.message}`);
}

function refused(reason: string): Answer {
  return { kind: "refused", reason };
}

function readSchema(text: string): JsonObject | undefined {
  try {
    const schema = parseJson(text);
    return isObject(schema) ? schema : undefined;
  } catch {
    // Whatever a client stored: what is no JSON is no schema.
    return undefined;
  }
}

async function storeAnswer(
  ctx: ServerContext,
  tx: Db,
  answer: { readonly flow_run_id: string; readonly key: string; readonly value: string },
): Promise<void> {
  const created = ctx.db.dialect.timestamp(ctx.clock.now());
  const isNew = await insertFlowRunInput(tx, { ...answer, id: ctx.ids.next(), created, updated: created });
  if (!isNew) throw IntegrityConflict(undefined);
}
