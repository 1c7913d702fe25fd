import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort, stopProcess, temporaryFolder, waitUntil } from "../support/disposable.ts";
import { LAUNCHER, runCommand, startCommand } from "../support/prefect-cli.ts";

const OLD_NODE = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => existsSync(path) && majorOf(path) < 24);
const { version } = JSON.parse(readFileSync(join(LAUNCHER, "..", "..", "package.json"), "utf8")) as { version: string };

function majorOf(node: string): number {
  return Number(spawnSync(node, ["-p", "process.versions.node.split('.')[0]"], { encoding: "utf8" }).stdout);
}

test("--version prints the version of the package and nothing else", async () => {
  await using home = await temporaryFolder();

  expect(await runCommand(["--version"], { home: home.path })).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test.skipIf(OLD_NODE === undefined)(
  "an older Node hands over to the pinned one, and its exit code comes back",
  async () => {
    await using home = await temporaryFolder();
    const run = (...args: string[]) => runCommand([LAUNCHER, ...args], { home: home.path }, OLD_NODE);

    const [good, bad] = await Promise.all([run("version"), run("profile", "inspect", "nope")]);

    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining(`Version:              ${version}`) });
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining("'nope' not found") });
  },
);

test.skipIf(OLD_NODE === undefined)("an older Node without the pinned one is told how to get Node 24", async () => {
  await using home = await temporaryFolder();
  mkdirSync(join(home.path, "bin"));
  cpSync(join(LAUNCHER, ".."), join(home.path, "bin"), { recursive: true });

  const ended = await runCommand([join(home.path, "bin", "prefect"), "version"], { home: home.path }, OLD_NODE);

  expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("Get Node 24") });
});

test.skipIf(OLD_NODE === undefined)("a signal to the older Node stops the server cleanly", async () => {
  await using home = await temporaryFolder();
  const port = String(await freePort());
  const child = startCommand([LAUNCHER, "server", "start", "--port", port], { home: home.path }, OLD_NODE);
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  try {
    await waitUntil("the server is ready", () => output.includes("is ready at"));
    const closed = once(child, "close");
    child.kill("SIGTERM");

    expect(await closed).toEqual([0, null]);
    expect(output).toContain("Server stopped!");
  } finally {
    await stopProcess(child, "SIGKILL");
  }
});
