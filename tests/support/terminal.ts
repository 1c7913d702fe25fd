import { execFile } from "node:child_process";
import { promisify, stripVTControlCharacters } from "node:util";
import { LAUNCHER } from "./prefect-cli.ts";
import { cleanEnvironment } from "./python.ts";
import { referencePython } from "./reference-paths.ts";

const run = promisify(execFile);

/** A terminal of 80 columns that types each answer once its question stands there. */
const DRIVER = `
import fcntl, json, os, pty, struct, sys, termios
words, answers = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    os.execvp(words[0], words)
printed, read = b"", 0
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    printed += chunk
    if answers and answers[0][0].encode() in printed[read:]:
        os.write(terminal, answers.pop(0)[1].encode())
        read = len(printed)
_, status = os.waitpid(pid, 0)
json.dump({"code": os.waitstatus_to_exitcode(status), "printed": printed.decode(errors="replace"), "unasked": answers}, sys.stdout)
`;

export interface TerminalRun {
  readonly code: number;
  /** Without colours and movements of the cursor. */
  readonly printed: string;
  /** Answers whose questions did not come. */
  readonly unasked: readonly unknown[];
}

/** Runs our command line on a terminal; each answer is typed when its question appears. */
export async function runOnTerminal(
  args: readonly string[],
  answers: readonly (readonly [question: string, keys: string])[],
  options: { readonly home: string; readonly env: Readonly<Record<string, string>> },
): Promise<TerminalRun> {
  const words = [process.execPath, LAUNCHER, ...args];
  const env = cleanEnvironment({ HOME: options.home, PREFECT_HOME: options.home, ...options.env });
  const { stdout } = await run(referencePython("3.9.1"), ["-c", DRIVER, JSON.stringify([words, answers])], {
    cwd: options.home,
    env,
    timeout: 60_000,
  });
  const ended = JSON.parse(stdout) as TerminalRun;
  return { ...ended, printed: stripVTControlCharacters(ended.printed) };
}
