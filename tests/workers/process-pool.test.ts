import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../src/client/client.ts";
import { type ControlChannel, openControlChannel } from "../../src/runner/control-channel.ts";
import type { RunningServer } from "../../src/server/main.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import type { Job } from "../../src/workers/infrastructure.ts";
import { processPool } from "../../src/workers/pools/process.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/disposable.ts";

let server: RunningServer;
let client: Client;
let control: ControlChannel;
let folder: TemporaryFolder;
beforeAll(async () => {
  server = await startTestServer();
  client = createClient({ apiUrl: server.apiUrl });
  control = await openControlChannel();
  folder = await temporaryFolder();
});
afterAll(async () => {
  await control?.[Symbol.asyncDispose]();
  client?.[Symbol.dispose]();
  await server?.stop();
  await folder?.[Symbol.asyncDispose]();
});

interface Wish {
  readonly entrypoint?: string;
  readonly command?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly ownEnv?: NodeJS.ProcessEnv;
}

/** Carries out a job whose process writes what it finds to a file; gives how it ended and what was written. */
async function carryOut({ entrypoint = "a.ts:b", command, fields = {}, env = {}, ownEnv = {} }: Wish) {
  const flow = await client.flows.create({ name: "job" });
  const created = await client.deployments.create({ name: "job", flow_id: flow.id, entrypoint });
  const deployment = await client.deployments.read(created.id);
  const run = await client.deployments.createFlowRun(deployment.id);
  const written = join(folder.path, `written-${run.id}`);
  const job: Job = {
    ...{ run, flow, deployment },
    configuration: { command, env: {}, labels: {}, name: undefined, fields },
    env: { ...env, WRITTEN: written },
  };
  const pool = processPool({
    ...{ client, control },
    env: { PATH: process.env.PATH, ...ownEnv },
    cwd: folder.path,
    ownCommand: ["/bin/sh", "-c", 'echo "own $PREFECT__FLOW_RUN_ID" > "$WRITTEN"'],
  });
  const started: string[] = [];
  const stop = new AbortController().signal;
  const end = await pool.run(job, { stop, onStarted: (identifier) => started.push(identifier) });
  const text = await readFile(written, "utf8").catch(() => "");
  return { end, started, text: text.trim(), run };
}

/** A Python that only says how it was called; with `hasPrefect` it finds the module. */
async function fakePython(name: string, hasPrefect: boolean): Promise<string> {
  const path = join(folder.path, name, "bin");
  await mkdir(path, { recursive: true });
  const script = `#!/bin/sh\n[ "$1" = -c ] && exit ${hasPrefect ? 0 : 1}\necho "$@" > "$WRITTEN"\n`;
  await writeFile(join(path, "python"), script, { mode: 0o755 });
  return join(folder.path, name);
}

test.each(["flows.ts:main", "a/b.mjs:x", "C.TSX:y"])("%s is carried out by this package", async (entrypoint) => {
  const { text, run, end, started } = await carryOut({ entrypoint });

  expect(text).toBe(`own ${run.id}`);
  expect(end.status).toBe(0);
  expect(started).toEqual([end.identifier]);
});

test.each(["flows.py:main", "package.module:main", "ts.py:ts"])("%s is carried out by Python", async (entrypoint) => {
  const { text } = await carryOut({ entrypoint, ownEnv: { VIRTUAL_ENV: await fakePython("good", true) } });

  expect(text).toBe("-m prefect.engine");
});

test("a Python without prefect is refused with what to do", async () => {
  const VIRTUAL_ENV = await fakePython("bad", false);

  await expect(carryOut({ entrypoint: "flows.py:main", ownEnv: { VIRTUAL_ENV } })).rejects.toThrow(
    `${VIRTUAL_ENV}/bin/python has no prefect`,
  );
});

test("the command of the job wins, read as a shell reads it", async () => {
  const command = `/bin/sh -c 'echo "$0 $1" > "$WRITTEN"; exit 3' 'two words' "and more"`;

  const { text, end } = await carryOut({ command });

  expect(text).toBe("two words and more");
  expect(end.status).toBe(3);
});

test("the environment is that of the worker below that of the job", async () => {
  const command = `/bin/sh -c 'echo "$A $B $C" > "$WRITTEN"'`;

  const { text } = await carryOut({ command, ownEnv: { A: "worker", B: "worker" }, env: { B: "job", C: "job" } });

  expect(text).toBe("worker job job");
});

test("the working directory is that of the job, or a temporary one", async () => {
  const command = `/bin/sh -c 'pwd -P > "$WRITTEN"'`;

  const given = await carryOut({ command, fields: { working_dir: folder.path } });
  const temporary = await carryOut({ command });

  expect(given.text).toContain(folder.path);
  expect(temporary.text).toMatch(/prefect-\w+$/);
  await expect(carryOut({ command, fields: { working_dir: temporary.text } })).rejects.toThrow("is no folder");
});

test("a command that is not there is no started job", async () => {
  await expect(carryOut({ command: "no-such-command-anywhere" })).rejects.toThrow("ENOENT");
});
