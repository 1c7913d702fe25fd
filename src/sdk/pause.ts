import { parseJson } from "../kit/json.ts";
import type { OutputOf, StandardSchema } from "../kit/schema/standard-schema.ts";
import { addSeconds } from "../kit/timestamp.ts";
import { delayUnlessAborted } from "./delay.ts";
import { proposeState } from "./engine/propose-state.ts";
import { FlowPauseTimedOut, NotInRun } from "./errors.ts";
import { clock } from "./now.ts";
import { inputSchema } from "./parameters/json-schema.ts";
import { validateParameters } from "./parameters/validate.ts";
import { log } from "./runtime/log.ts";
import { currentScope, type FlowRunScope } from "./runtime/scope.ts";
import type { Session } from "./session/session.ts";
import { newState } from "./state.ts";

export interface PauseOptions<Schema extends StandardSchema> {
  /** What whoever resumes the run must give; the UI shows it as a form. */
  readonly input?: Schema;
  /** Shown above the form. */
  readonly description?: string;
  /** @default 3600 */
  readonly timeoutSeconds?: number;
  /** @default 10 */
  readonly pollIntervalSeconds?: number;
  /** Tells this pause from others of the run; a pause resumed once is not entered again. @default their number */
  readonly key?: string;
}

/**
 * Pauses the flow run until it is resumed, and gives what it was resumed with. The process keeps waiting. Throws
 * FLOW_PAUSE_TIMED_OUT.
 */
export async function pauseFlowRun<Schema extends StandardSchema = StandardSchema<unknown, undefined>>(
  options: PauseOptions<Schema> = {},
): Promise<OutputOf<Schema>> {
  const { session, flowRun, taskRun } = currentScope();
  if (!session || !flowRun || taskRun) throw NotInRun("pauseFlowRun()");
  const { input, description, timeoutSeconds = 3600, pollIntervalSeconds = 10 } = options;
  flowRun.pauses += 1;
  const key = options.key ?? String(flowRun.pauses);
  const keyset = input && keysOf(key, description !== undefined);
  const pausing = newState("PAUSED", {
    details: {
      pause_timeout: addSeconds(clock.now(), timeoutSeconds),
      pause_reschedule: false,
      pause_key: key,
      ...(keyset && { run_input_keyset: keyset }),
    },
  });
  log.info("Pausing flow, execution will continue when this flow run is resumed.");
  const reached = await proposeState({ session, flowRun }, pausing);
  if (reached.type === "PAUSED") {
    if (input && keyset) await askForInput(session, flowRun, { input, keyset, description });
    await waitUntilResumed(session, flowRun, { timeoutSeconds, pollIntervalSeconds });
    log.info("Resuming flow run execution!");
  }
  return input && keyset ? readAnswer(session, flowRun, { input, keyset }) : undefined;
}

type Keyset = Readonly<Record<string, string>>;

function keysOf(key: string, hasDescription: boolean): Keyset {
  const base = `paused-${key}`;
  const keys = { response: `${base}-response`, schema: `${base}-schema` };
  return hasDescription ? { ...keys, description: `${base}-description` } : keys;
}

interface Question {
  readonly input: StandardSchema;
  readonly keyset: Keyset;
  readonly description?: string | undefined;
}

async function askForInput(session: Session, { run }: FlowRunScope, question: Question): Promise<void> {
  const { keyset, input, description } = question;
  const { inputs } = session.client.flowRuns;
  await inputs.create(run.id, { key: String(keyset.schema), value: await inputSchema(input) });
  if (description !== undefined) await inputs.create(run.id, { key: String(keyset.description), value: description });
}

async function readAnswer(session: Session, { run, definition }: FlowRunScope, question: Question): Promise<unknown> {
  const text = await session.client.flowRuns.inputs.read(run.id, String(question.keyset.response));
  return validateParameters(definition.name, question.input, parseJson(text) as Record<string, unknown>);
}

async function waitUntilResumed(
  session: Session,
  flowRun: FlowRunScope,
  { timeoutSeconds, pollIntervalSeconds }: { timeoutSeconds: number; pollIntervalSeconds: number },
): Promise<void> {
  const deadlineMs = clock.nowMs() + timeoutSeconds * 1000;
  let waitMs = Math.min(timeoutSeconds / 2, pollIntervalSeconds) * 1000;
  while (clock.nowMs() < deadlineMs) {
    await delayUnlessAborted(waitMs, flowRun.stop);
    const run = await session.client.flowRuns.read(flowRun.run.id);
    if (run.state?.type === "RUNNING") {
      flowRun.run = { ...flowRun.run, state: run.state, state_type: "RUNNING", run_count: run.run_count };
      return;
    }
    waitMs = Math.min(pollIntervalSeconds * 1000, Math.max(0, deadlineMs - clock.nowMs()));
  }
  throw FlowPauseTimedOut(timeoutSeconds);
}
