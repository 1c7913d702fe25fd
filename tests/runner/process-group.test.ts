import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { endGroup } from "../../src/runner/process-group.ts";
import { countProcesses } from "../support/count-processes.ts";
import { waitUntil } from "../support/disposable.ts";

/** A shell that leads a group of its own, once it has said so. */
async function startGroup(script: string) {
  const mark = `MARK=${randomUUID()}`;
  const child = spawn("/bin/sh", ["-c", `${script} & echo ready; wait`], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: process.env.PATH, MARK: mark.slice("MARK=".length) },
  });
  await once(child.stdout, "data");
  return { id: child.pid as number, mark };
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
    const group = await startGroup("sh -c 'sleep 300 & sleep 300'");

    await endGroup(group, { graceMs: 5_000, alsoStrays: false });

    expect(isThere(group.id)).toBe(false);
  });

  test("comes for those who do not listen, after the grace", async () => {
    const group = await startGroup("trap '' TERM; sleep 300");

    await endGroup(group, { graceMs: 100, alsoStrays: false });

    expect(isThere(group.id)).toBe(false);
  });

  test.runIf(process.platform === "linux")("is that of those who have left it, when they are asked for", async () => {
    const seconds = `300.${randomUUID().replace(/\D/g, "")}`;
    const group = await startGroup(`setsid sleep ${seconds}`);
    await waitUntil("the stray", async () => (await countProcesses(`sleep ${seconds}`)) > 0);
    await endGroup(group, { graceMs: 1_000, alsoStrays: false });
    expect(await countProcesses(`sleep ${seconds}`)).toBe(1);

    await endGroup(group, { graceMs: 1_000, alsoStrays: true });

    expect(await countProcesses(`sleep ${seconds}`)).toBe(0);
  });

  test("is asked for once, for a second signal would end it unprepared", async () => {
    const group = await startGroup("sleep 300");
    const kill = vi.spyOn(process, "kill");

    await endGroup(group, { graceMs: 5_000, alsoStrays: true });

    expect(kill.mock.calls.filter(([, signal]) => signal === "SIGTERM")).toEqual([[-group.id, "SIGTERM"]]);
    kill.mockRestore();
  });

  test("of one that is gone already is no error", async () => {
    const group = await startGroup("true");
    await waitUntil("the end", () => !isThere(group.id));

    await expect(endGroup(group, { graceMs: 100, alsoStrays: false })).resolves.toBeUndefined();
  });
});

test("a guarded group ends when its owner is killed, and is told once", async () => {
  const owner = spawn(process.execPath, [join(import.meta.dirname, "own-a-group.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: string[] = [];
  owner.stdout.setEncoding("utf8").on("data", (text: string) => said.push(...text.trim().split("\n")));
  await waitUntil("a trap and the group's id", () => said.length === 2);
  const groupId = Number(said.find((line) => line !== "trapped"));
  expect(isThere(groupId)).toBe(true);

  owner.kill("SIGKILL");

  await waitUntil("the end of the group", () => !isThere(groupId));
  expect(said.filter((line) => line === "told")).toHaveLength(1);
});
