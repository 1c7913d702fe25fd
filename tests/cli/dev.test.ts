import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort, stopProcess, temporaryFolder, waitUntil } from "../support/disposable.ts";
import { startCommand } from "../support/prefect-cli.ts";

const FLOWS = `
import { flow, log, task } from "prefect";
import { greeting } from "./greeting.ts";

const greet = task(async (name: string) => \`\${greeting}, \${name}\`);

export const hello = flow(async (name = "world") => {
  log.info(await greet(name));
});

export const square = flow(async (x: number) => x * x);
`;

/** Everything the process has written so far. */
function outputOf(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

test("dev runs flows once, loads them anew when a file they import is saved, and stops cleanly", async () => {
  await using home = await temporaryFolder();
  const port = await freePort();
  writeFileSync(join(home.path, "flows.ts"), FLOWS);
  writeFileSync(join(home.path, "greeting.ts"), 'export const greeting = "Hello";\n');

  const child = startCommand(["dev", "flows.ts", "--port", String(port)], { home: home.path });
  const output = outputOf(child);
  const api = async (path: string, body?: object) => {
    const request = body && {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    };
    return (await fetch(`http://127.0.0.1:${port}/api${path}`, request)).json() as Promise<{ id: string }>;
  };
  try {
    await waitUntil(`a first run:\n${output()}`, () => output().includes("✓ hello/dev"));
    expect(output()).toContain("Hello, world");
    expect(output()).toContain("square/dev, needs x");
    expect(output()).toMatch(/http:\/\/127\.0\.0\.1:\d+\/runs\/flow-run\/[0-9a-f-]{36}/);

    writeFileSync(join(home.path, "greeting.ts"), 'export const greeting = "Good day";\n');
    await waitUntil("the files are loaded anew", () => output().includes("greeting.ts was saved"));
    const { id } = await api("/deployments/name/hello/dev");
    await api(`/deployments/${id}/create_flow_run`, { parameters: { name: "you" } });
    await waitUntil("a second run", () => output().includes("Good day, you"));

    const exit = once(child, "exit");
    child.kill("SIGINT");
    expect(await exit).toEqual([0, null]);
    expect(output()).toMatch(/Stopped\.\n$/);
  } finally {
    await stopProcess(child, "SIGKILL");
  }
}, 90_000);

test("a file that is not there, or is Python, is refused before a server starts", async () => {
  await using home = await temporaryFolder();

  const child = startCommand(["dev", "nope.ts"], { home: home.path });
  const output = outputOf(child);
  const [code] = await once(child, "close");

  expect([code, output()]).toEqual([1, "File not found: nope.ts\n"]);
});
