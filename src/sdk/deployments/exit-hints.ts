const HINTS: Readonly<Record<string, string>> = {
  "1": "The code could not be loaded, or the engine failed; the log says why.",
  "125": "The container could not be started.",
  "126": "The command is there but may not be executed.",
  "127": "The command was not found.",
  "137": "The process was killed, often because memory ran out.",
  "143": "The process was told to terminate.",
  SIGKILL: "The process was killed, often because memory ran out.",
  SIGTERM: "The process was told to terminate.",
};

/** What a process's end says about the run it carried: `Process exited with status code: N.` and a hint when there is one. */
export function exitMessage(code: number | null, signal: NodeJS.Signals | null): string {
  const status = signal === null ? String(code) : signal;
  const hint = HINTS[status];
  return `Process exited with status code: ${status}.${hint === undefined ? "" : ` ${hint}`}`;
}
