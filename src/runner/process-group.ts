import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

const LOOK_MS = 50;
/** How long a group may take to be gone after SIGKILL, which only the kernel can hold up. */
const LAST_WAIT_MS = 2_000;

// Reads until its input ends: with a line when the group is no concern any more, without one when its owner has died.
const WATCH = `read -r _ && exit 0
kill -TERM "-$1" 2>/dev/null || exit 0
n=0
while kill -0 "-$1" 2>/dev/null && [ $n -lt "$2" ]; do n=$((n + 1)); sleep 1; done
kill -KILL "-$1" 2>/dev/null`;

/** Ends all processes of a group: SIGTERM, and SIGKILL for those left after `graceMs`. Resolves when none is left. */
export async function endGroup(groupId: number, graceMs: number): Promise<void> {
  signalGroup(groupId, "SIGTERM");
  if (await isGoneWithin(groupId, graceMs)) return;
  signalGroup(groupId, "SIGKILL");
  await isGoneWithin(groupId, LAST_WAIT_MS);
}

/** Ends the group as `endGroup` does should this process die, however that happens; until disposed. */
export function guardGroup(groupId: number, graceMs: number): Disposable {
  const arguments_ = ["-c", WATCH, "prefect-guard", String(groupId), String(Math.ceil(graceMs / 1000))];
  const guard = spawn("/bin/sh", arguments_, { stdio: ["pipe", "ignore", "ignore"], detached: true, env: {} });
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  guard.unref();
  return { [Symbol.dispose]: () => void guard.stdin.end("\n") };
}

async function isGoneWithin(groupId: number, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (signalGroup(groupId, 0)) {
    if (performance.now() >= deadline) return false;
    await delay(LOOK_MS);
  }
  return true;
}

/** False when there is no such group any more. */
function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
