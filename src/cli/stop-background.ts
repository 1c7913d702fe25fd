import { setTimeout as delay } from "node:timers/promises";
import type { Output } from "./output.ts";
import { findPid, isRunning, removePidFile } from "./pid-file.ts";

const STOPS_WITHIN_MS = 15_000;

/** A program in the background, and what to say of it. */
interface Background {
  readonly pidFile: string;
  readonly none: string;
  readonly stale: string;
  readonly stopped: string;
}

/** Ends the process that a PID file notes and waits for its end; the file is gone in any case. */
export async function stopBackground(out: Output, { pidFile, none, stale, stopped }: Background): Promise<void> {
  const pid = findPid(pidFile);
  if (pid === undefined) return out.success(none);
  removePidFile(pidFile);
  if (pid === 0 || !isRunning(pid)) return out.success(stale);
  process.kill(pid, "SIGTERM");
  const deadline = performance.now() + STOPS_WITHIN_MS;
  while (isRunning(pid) && performance.now() < deadline) await delay(20);
  if (isRunning(pid)) return out.warn(`Process ${pid} was told to stop and is still finishing its work.`);
  out.line(stopped);
}
