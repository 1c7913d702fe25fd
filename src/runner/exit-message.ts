import { constants } from "node:os";

/** How a process ended: as Python tells it, minus the number of the signal that ended it. */
export type ExitStatus = number;

const HINTS: Readonly<Record<ExitStatus, string>> = {
  "-15": "The process was told to terminate.",
  "-9": "The process was killed, often because memory ran out.",
  1: "The code could not be loaded, or the engine failed; the log says why.",
  125: "The container could not be started.",
  126: "The command is there but may not be executed.",
  127: "The command was not found.",
  137: "The process was killed, often because memory ran out.",
  143: "The process was told to terminate.",
  247: "The process was ended because it used too much memory.",
};

/** The status of a process that ended by itself with `code` or by `signal`. */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  return signal === null ? (code ?? 1) : -constants.signals[signal];
}

/** What a process's end says about the run it carried: `Process exited with status code: N.` and a hint when there is one. */
export function exitMessage(status: ExitStatus): string {
  const hint = HINTS[status];
  return `Process exited with status code: ${status}.${hint === undefined ? "" : ` ${hint}`}`;
}
