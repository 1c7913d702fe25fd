import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CommandFailed } from "./exit.ts";

const LAUNCHER = join(import.meta.dirname, "..", "..", "bin", "prefect");
const READY_WITHIN_MS = 30_000;
const POLL_MS = 50;

/**
 * Runs this command line again without `--background`, detached, its output in `server.log` of the home directory.
 * Gives its process number once it answers. Throws CommandFailed when it ends or stays silent.
 */
export async function startInBackground(apiUrl: string, home: string): Promise<number> {
  const logPath = join(home, "server.log");
  const log = openSync(logPath, "w", 0o600);
  const args = process.argv.slice(2).filter((token) => token !== "-b" && token !== "--background");
  const child = spawn(process.execPath, [LAUNCHER, ...args], { detached: true, stdio: ["ignore", log, log] });
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
    if (hasEnded) throw CommandFailed(`The server could not be started:\n${readFileSync(logPath, "utf8").trim()}`);
    if (await isHealthy(apiUrl)) return child.pid ?? 0;
  }
  child.kill();
  throw CommandFailed(`The server did not answer within ${READY_WITHIN_MS / 1000} s. See ${logPath}`);
}

async function isHealthy(apiUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${apiUrl}/health`)).ok;
  } catch {
    return false;
  }
}
