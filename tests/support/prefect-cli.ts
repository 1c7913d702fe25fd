import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { cleanEnvironment } from "./python.ts";

/** Our launcher. */
export const LAUNCHER: string = join(import.meta.dirname, "..", "..", "bin", "prefect");

/** What a command printed and how it ended. */
export interface Ended {
  /** Minus one when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** PREFECT_HOME, and the working directory. */
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Starts a command line without a terminal: our launcher unless `program` names another. */
export function startCommand(args: readonly string[], options: RunOptions, program?: string): ChildProcess {
  const [file, rest] = program === undefined ? [process.execPath, [LAUNCHER, ...args]] : [program, args];
  const env = cleanEnvironment({ HOME: options.home, PREFECT_HOME: options.home, COLUMNS: "200", ...options.env });
  return spawn(file, rest, { cwd: options.home, env, stdio: ["pipe", "pipe", "pipe"] });
}

/** Runs a command line to its end. */
export async function runCommand(args: readonly string[], options: RunOptions, program?: string): Promise<Ended> {
  const child = startCommand(args, options, program);
  child.stdin?.end(options.input ?? "");
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(code ?? -1));
  });
  if (child.stdout === null || child.stderr === null) throw new Error("no pipes");
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
