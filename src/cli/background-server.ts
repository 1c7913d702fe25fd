import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ownLauncher } from "../kit/own-files.ts";
import { CommandFailed } from "./exit.ts";

const READY_WITHIN_MS = 30_000;
const POLL_MS = 50;

/** What is to run in the background. */
interface BackgroundProgram {
  /** What messages call it, such as `server`; its output goes to `<name>.log` of the home directory. */
  readonly name: string;
  readonly home: string;
  /** Whether it does its work by now; `output` is what it has written. */
  isReady(output: string): boolean | Promise<boolean>;
}

/**
 * Runs this command line again without `--background`, detached. Gives its process number once it is ready. Throws
 * CommandFailed when it ends or takes too long.
 */
export async function startInBackground({ name, home, isReady }: BackgroundProgram): Promise<number> {
  const logPath = join(home, `${name}.log`);
  const log = openSync(logPath, "w", 0o600);
  const args = process.argv.slice(2).filter((token) => token !== "-b" && token !== "--background");
  const child = spawn(process.execPath, [fileURLToPath(ownLauncher), ...args], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  let hasEnded = child.pid === undefined;
  child.once("exit", () => {
    hasEnded = true;
  });
  child.once("error", () => {
    hasEnded = true;
  });
  for (const deadline = performance.now() + READY_WITHIN_MS; performance.now() < deadline; await delay(POLL_MS)) {
    const output = readFileSync(logPath, "utf8");
    if (hasEnded) throw CommandFailed(`The ${name} could not be started:\n${output.trim()}`);
    if (await isReady(output)) return child.pid ?? 0;
  }
  child.kill();
  throw CommandFailed(`The ${name} did not answer within ${READY_WITHIN_MS / 1000} s. See ${logPath}`);
}

/** True once the server at this URL answers. */
export async function isHealthy(apiUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${apiUrl}/health`)).ok;
  } catch {
    return false;
  }
}
