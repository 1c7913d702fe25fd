import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { endGroup } from "../../src/runner/process-group.ts";
import { waitUntil } from "../support/disposable.ts";

/** A shell that leads a group of its own, once it has said so. */
async function startGroup(script: string) {
  const child = spawn("/bin/sh", ["-c", `${script} & echo ready; wait`], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  return child.pid as number;
}

function isThere(groupId: number): boolean {
  try {
    return process.kill(-groupId, 0);
  } catch {
    return false;
  }
}

describe("the end of a group", () => {
  test("is that of processes below processes, too", async () => {
    const groupId = await startGroup("sh -c 'sleep 300 & sleep 300'");

    await endGroup(groupId, 5_000);

    expect(isThere(groupId)).toBe(false);
  });

  test("comes for those who do not listen, after the grace", async () => {
    const groupId = await startGroup("trap '' TERM; sleep 300");

    await endGroup(groupId, 100);

    expect(isThere(groupId)).toBe(false);
  });

  test("of one that is gone already is no error", async () => {
    const groupId = await startGroup("true");
    await waitUntil("the end", () => !isThere(groupId));

    await expect(endGroup(groupId, 100)).resolves.toBeUndefined();
  });
});

test("a guarded group ends when its owner is killed", async () => {
  const owner = spawn(process.execPath, [join(import.meta.dirname, "own-a-group.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await once(owner.stdout, "data");
  const groupId = Number(said);
  expect(isThere(groupId)).toBe(true);

  owner.kill("SIGKILL");

  await waitUntil("the end of the group", () => !isThere(groupId));
});
