import { RunTerminated, RunTimedOut } from "../errors.ts";
import { newState, type State } from "../state.ts";

/** `Type: message`, the way failures appear in state messages and logs. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `Error: ${String(error)}`;
  const className = error.constructor.name;
  const type = error.name === "Error" && className !== "" ? className : error.name;
  return error.message === "" ? type : `${type}: ${error.message}`;
}

/** The state of a run whose code threw `error`. */
export function failedState(error: unknown, kind: "flow" | "task"): State<never> {
  const details = { retriable: false };
  if (RunTimedOut.is(error)) return newState<never>("FAILED", { name: "TimedOut", message: error.message, error });
  const prefix = kind === "flow" ? "Flow run encountered an exception:" : "Task run encountered an exception";
  return newState<never>("FAILED", { message: `${prefix} ${describeError(error)}`, error, details });
}

/** The state of a run that ended from outside its code. */
export function crashedState(error: unknown): State<never> {
  return newState<never>("CRASHED", { message: crashMessage(error), error });
}

function crashMessage(error: unknown): string {
  if (RunTimedOut.is(error)) return "Execution was cancelled by the runtime environment.";
  if (!RunTerminated.is(error)) return `Execution was interrupted by an unexpected exception: ${describeError(error)}`;
  const isInterrupt = error.message.includes("SIGINT");
  return `Execution was aborted by ${isInterrupt ? "an interrupt" : "a termination"} signal.`;
}
