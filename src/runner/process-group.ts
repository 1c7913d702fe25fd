import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A process with all that it has started. */
export interface ProcessGroup {
  readonly id: number;
  /** `NAME=value` in the environment of all of them: those who have left the group are known by it, on Linux. */
  readonly mark: string;
}

const LOOK_MS = 50;
/** How long a group may take to be gone after SIGKILL, which only the kernel can hold up. */
const LAST_WAIT_MS = 2_000;

// Reads until its input ends: with a line when the group is no concern any more, without one when its owner has died.
const WATCH = `read -r _ && exit 0
signal() {
  name=$1
  kill "-$name" "-$group" 2>/dev/null
  for found in /proc/[0-9]*; do
    grep -qs "$mark" "$found/environ" && read -r stat < "$found/stat" || continue
    set -- \${stat##*) }
    [ "$3" = "$group" ] || kill "-$name" "\${found#/proc/}"
  done 2>/dev/null
}
group=$1 seconds=$2 mark=$3 n=0
signal TERM
while kill -0 "-$group" 2>/dev/null && [ $n -lt "$seconds" ]; do n=$((n + 1)); sleep 1; done
signal KILL`;

/**
 * Ends all processes of a group, and with `alsoStrays` those that have left it: SIGTERM, and SIGKILL for those left after
 * `graceMs`. Resolves when none is left.
 */
export async function endGroup(
  group: ProcessGroup,
  { graceMs, alsoStrays }: { readonly graceMs: number; readonly alsoStrays: boolean },
): Promise<void> {
  const strays = () => (alsoStrays ? findStrays(group) : []);
  const signal = (name: NodeJS.Signals) => [-group.id, ...strays()].forEach((target) => void send(target, name));
  // Strays are dear to look for: only once the group is gone.
  const isThere = () => send(-group.id, 0) || strays().length > 0;
  signal("SIGTERM");
  if (await isGoneWithin(isThere, graceMs)) return;
  signal("SIGKILL");
  await isGoneWithin(isThere, LAST_WAIT_MS);
}

/** Ends the group and its strays should this process die, however that happens; until disposed. */
export function guardGroup(group: ProcessGroup, graceMs: number): Disposable {
  const arguments_ = [String(group.id), String(Math.ceil(graceMs / 1000)), group.mark];
  const guard = spawn("/bin/sh", ["-c", WATCH, "prefect-guard", ...arguments_], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: { PATH: "/usr/bin:/bin" },
  });
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  guard.unref();
  return { [Symbol.dispose]: () => void guard.stdin.end("\n") };
}

async function isGoneWithin(isThere: () => boolean, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (isThere()) {
    if (performance.now() >= deadline) return false;
    await delay(LOOK_MS);
  }
  return true;
}

/** Processes with the group's mark outside of it: a second signal would have those within it end at once. */
function findStrays({ id, mark }: ProcessGroup): readonly number[] {
  try {
    const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
    return processes.map(Number).filter((each) => environmentOf(each).includes(mark) && groupOf(each) !== id);
  } catch {
    return [];
  }
}

function environmentOf(processId: number): readonly string[] {
  return readProcess(processId, "environ").split("\0");
}

/** The name of the program comes before it, in brackets, whatever it contains. */
function groupOf(processId: number): number {
  const [, , group] = readProcess(processId, "stat").split(") ").at(-1)?.split(" ") ?? [];
  return Number(group);
}

/** Empty when there is no such process any more, or it is somebody else's. */
function readProcess(processId: number, what: "environ" | "stat"): string {
  try {
    return readFileSync(`/proc/${processId}/${what}`, "latin1");
  } catch {
    return "";
  }
}

/** False when there is no such process or group (a negative number) any more, or it is not ours to end. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}
