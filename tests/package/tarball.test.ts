import { execFileSync, spawn, spawnSync } from "node:child_process";
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePackage } from "../../scripts/package.ts";
import { createClient } from "../../src/client/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { freePort, stopProcess, temporaryFolder, waitUntil } from "../support/disposable.ts";
import { runCommand, startCommand } from "../support/prefect-cli.ts";
import { cleanEnvironment } from "../support/python.ts";

const ROOT = join(import.meta.dirname, "..", "..");

const FLOW = `import { flow, log, run, task } from "prefect";
import { createClient } from "prefect/client";
import { startTestServer } from "prefect/testing";

const add = task(async (a: number, b: number) => a + b);

export const sum = flow(async (numbers: readonly number[] = [1, 2]) => {
  let total = 0;
  for (const number of numbers) total = await add(total, number);
  log.info(\`the total of \${run.flowRun.flowName} is \${total}\`);
  return total;
});

if (import.meta.main) {
  await using server = await startTestServer();
  process.env.PREFECT_API_URL = server.apiUrl;
  const total: number = await sum([3, 4]);
  using client = createClient({ apiUrl: server.apiUrl });
  const runs = await client.flowRuns.list({});
  console.log(JSON.stringify({ total, states: runs.map(({ state_type }) => state_type) }));
}
`;

const TYPES = `import { flow, task } from "prefect";

const double = task(async (n: number) => n * 2);
export const doubled = flow(async (numbers: readonly number[]) => double.map(numbers));
export const result: Promise<number[]> = doubled([1]);
// @ts-expect-error a number is no list of numbers
doubled(1);
`;

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules", "@types")],
  },
  files: ["flow.ts", "types.ts"],
};

/** What Node itself does, and what bundlers do. */
const RESOLUTIONS = [
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "preserve", moduleResolution: "bundler" },
];

let user: Awaited<ReturnType<typeof temporaryFolder>>;
let tarball: string;
let launcher: string;

/** A user's project: an empty folder into which the tarball is installed, without running anyone's scripts. */
beforeAll(async () => {
  user = await temporaryFolder();
  tarball = makePackage(join(user.path, "packed"));
  writeFileSync(join(user.path, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const quick = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  execFileSync("npm", ["install", ...quick, tarball], { cwd: user.path, stdio: "pipe" });
  writeFileSync(join(user.path, "flow.ts"), FLOW);
  writeFileSync(join(user.path, "types.ts"), TYPES);
  launcher = join(user.path, "node_modules", ".bin", "prefect");
}, 120_000);

afterAll(async () => user?.[Symbol.asyncDispose]());

const installed = (...names: readonly string[]) => join(user.path, "node_modules", ...names);

test("the package has nothing that publint objects to", async () => {
  const { messages } = await publint({ pkgDir: installed("prefect") });

  expect(messages).toEqual([]);
});

test("the types of the package are found by whatever imports it as the ES module it is", () => {
  const checked = spawnSync("attw", [tarball, "--profile", "esm-only", "--no-color"], { encoding: "utf8" });

  expect(checked).toMatchObject({ status: 0, stdout: expect.stringContaining('"prefect/testing"') });
});

test("nothing is installed beside the package, which is the same on every platform and needs no compiler and no script", () => {
  const { packages } = JSON.parse(readFileSync(join(user.path, "package-lock.json"), "utf8"));
  const { resolved, integrity, ...locked } = packages["node_modules/prefect"];

  expect(Object.keys(packages)).toEqual(["", "node_modules/prefect"]);
  expect(Object.keys(locked).sort()).toEqual(["bin", "engines", "license", "version"]);
  expect(globSync("**/{*.node,binding.gyp}", { cwd: installed() })).toEqual([]);
});

test("all that is installed takes at most 25 MB of a disk", () => {
  const blocks = globSync("**", { cwd: installed() }).map((name) => statSync(installed(name)).blocks);
  const bytes = blocks.reduce((sum, count) => sum + count * 512, 0);

  expect(bytes).toBeGreaterThan(1e6);
  expect(bytes).toBeLessThan(25e6);
});

test("the licences of what is inside are inside, too", () => {
  const notices = readFileSync(installed("prefect", "dist", "THIRD-PARTY-NOTICES.txt"), "utf8");
  const named = [...notices.matchAll(/^-{80}\n(\S+) [\d.]+ \(\S+\)\n\n\S/gm)].map(([, name]) => name);

  expect(named).toEqual(expect.arrayContaining(["commander", "fastify", "find-my-way", "kysely", "pg", "ws"]));
});

test("the published manifest asks for the Node it runs on, and brings none and no tools", () => {
  const manifest = JSON.parse(readFileSync(installed("prefect", "package.json"), "utf8"));

  expect(manifest).toMatchObject({ name: "prefect", engines: { node: ">=24.12" } });
  for (const ours of ["private", "scripts", "dependencies", "devDependencies", "optionalDependencies"]) {
    expect(manifest).not.toHaveProperty(ours);
  }
  expect(JSON.stringify(manifest.exports)).not.toContain("src/");
});

test("a flow file reaches all three doors of the package", async () => {
  const ended = await runCommand([join(user.path, "flow.ts")], { home: user.path }, process.execPath);

  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("the total of sum is 7") });
  expect(JSON.parse(ended.stdout)).toEqual({ total: 7, states: ["COMPLETED"] });
});

test("a flow run that the command line of the package carries out sees its context", async () => {
  await using server = await startTestServer();
  using client = createClient({ apiUrl: server.apiUrl });
  const { id: flow_id } = await client.flows.create({ name: "sum" });
  const { id } = await client.flowRuns.create({ flow_id, parameters: { numbers: [2, 3] } });
  const env = { PREFECT_API_URL: server.apiUrl, PREFECT__FLOW_ENTRYPOINT: "flow.ts:sum" };

  const ended = await runCommand([launcher, "flow-run", "execute", id], { home: user.path, env }, process.execPath);

  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("the total of sum is 5") });
  expect((await client.flowRuns.read(id)).state_type).toBe("COMPLETED");
});

test.each(RESOLUTIONS)("the types of the package hold in a user's project: $moduleResolution", (resolution) => {
  const compilerOptions = { ...TSCONFIG.compilerOptions, ...resolution };
  writeFileSync(join(user.path, "tsconfig.json"), JSON.stringify({ ...TSCONFIG, compilerOptions }));

  const checked = spawnSync("tsc", ["-p", "."], { cwd: user.path, encoding: "utf8" });

  expect(checked).toMatchObject({ status: 0, stdout: "" });
});

test("nothing loads the whole of fetch, which takes 40 ms and 14 MB, before it is used", async () => {
  const program = `for (const name of ["cli/main", "server/main", "sdk/index", "testing/index"])
    await import("./node_modules/prefect/dist/" + name + ".js");
    console.log(process.moduleLoadList.filter((name) => name.includes("undici")).length);`;

  const ended = await runCommand(["--input-type=module", "-e", program], { home: user.path }, process.execPath);

  expect(ended).toMatchObject({ code: 0, stdout: "0\n" });
});

test("`npx prefect server start` serves", async () => {
  const port = String(await freePort());
  const env = cleanEnvironment({ HOME: user.path, PREFECT_HOME: join(user.path, "fresh") });
  // In a group of its own: Ctrl-C in a terminal reaches npx and what it started alike.
  const npx = spawn("npx", ["prefect", "server", "start", "--port", port], { cwd: user.path, env, detached: true });
  const output = text(npx.stdout);
  try {
    const health = () => fetch(`http://127.0.0.1:${port}/api/health`).catch(() => undefined);
    const answer = await waitUntil("the server is healthy", health);

    expect(await answer.json()).toBe(true);
  } finally {
    process.kill(-(npx.pid ?? Number.NaN), "SIGINT");
  }
  expect(await output).toContain("Server stopped!");
});

test("the command line of the package tells its version and serves a flow file", async () => {
  const version = await runCommand([launcher, "--version"], { home: user.path }, process.execPath);
  const port = String(await freePort());
  const served = startCommand([launcher, "dev", "flow.ts", "--port", port], { home: user.path }, process.execPath);
  let output = "";
  for (const stream of [served.stdout, served.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  try {
    await waitUntil("the flow has run once", () => /sum\/dev '.*' Completed/.test(output));
  } finally {
    await stopProcess(served, "SIGINT");
  }

  expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(served.exitCode).toBe(0);
  expect(output).toContain("the total of sum is 3");
});
