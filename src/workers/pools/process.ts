import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "../../client/client.ts";
import type { ControlChannel } from "../../runner/control-channel.ts";
import { superviseFlowRun } from "../../runner/supervise-flow-run.ts";
import { requirePython } from "../../steps/find-python.ts";
import { splitWords } from "../../steps/split-words.ts";
import { PythonWithoutPrefect, WorkingDirectoryNotFound } from "../errors.ts";
import type { Infrastructure, Job } from "../infrastructure.ts";

export interface ProcessPoolOptions {
  readonly client: Client;
  readonly control: ControlChannel;
  /** The worker's own environment, which the runs inherit. */
  readonly env: NodeJS.ProcessEnv;
  /** The worker's own folder: the Python of its virtual environment is the one that runs Python. */
  readonly cwd: string;
  /** What carries out the TypeScript run PREFECT__FLOW_RUN_ID names. */
  readonly ownCommand: Command;
}

type Command = readonly [string, ...string[]];

const SCRIPT = /\.[cm]?[jt]sx?:[^:/\\]*$/i;

/** Runs as processes on this machine, Python and TypeScript. */
export function processPool(options: ProcessPoolOptions): Infrastructure {
  const { client, control } = options;
  const checkPython = createPythonCheck();
  return {
    async run(job, { stop, onStarted }) {
      const { stream_output, working_dir } = job.configuration.fields;
      await using folder = await openFolder(working_dir);
      const env = { ...options.env, ...job.env };
      const { pid, status } = await superviseFlowRun(job.run, {
        client,
        control,
        command: await commandOf(job, { ...options, env }, checkPython),
        cwd: folder.path,
        env,
        showsOutput: stream_output !== false,
        stop,
        onStarted: (started) => onStarted(String(started)),
      });
      return { identifier: String(pid), status };
    },
  };
}

/** The command of the job; without one, that of the language the code is written in. */
async function commandOf(
  { configuration, deployment }: Job,
  options: ProcessPoolOptions,
  checkPython: (python: string) => Promise<void>,
): Promise<Command> {
  if (configuration.command !== undefined) return splitWords(configuration.command) as Command;
  if (SCRIPT.test(deployment?.entrypoint ?? "")) return options.ownCommand;
  const python = requirePython({ directory: options.cwd, env: options.env }, "A Python flow");
  await checkPython(python);
  return [python, "-m", "prefect.engine"];
}

/** Throws PYTHON_WITHOUT_PREFECT. A Python that has it is not asked again. */
function createPythonCheck(): (python: string) => Promise<void> {
  const good = new Set<string>();
  return async (python) => {
    if (good.has(python)) return;
    const child = spawn(python, [
      "-c",
      "import importlib.util, sys; sys.exit(not importlib.util.find_spec('prefect'))",
    ]);
    const [code] = await once(child, "exit");
    if (code !== 0) throw PythonWithoutPrefect(python);
    good.add(python);
  };
}

interface Folder extends AsyncDisposable {
  readonly path: string;
}

/** The folder a pool or a deployment asks for, or one that is gone afterwards. */
async function openFolder(wanted: unknown): Promise<Folder> {
  if (typeof wanted === "string" && wanted !== "") {
    const found = await stat(wanted).catch(() => undefined);
    if (!found?.isDirectory()) throw WorkingDirectoryNotFound(wanted);
    return { path: wanted, [Symbol.asyncDispose]: async () => undefined };
  }
  const path = await mkdtemp(join(tmpdir(), "prefect-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
