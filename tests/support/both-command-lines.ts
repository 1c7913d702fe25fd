import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { parseJson } from "../../src/kit/json.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { temporaryFolder, waitUntil } from "./disposable.ts";
import { type Ended, runCommand } from "./prefect-cli.ts";
import { cached } from "./python.ts";
import { startReference } from "./reference.ts";
import { referenceFolder, referencePython } from "./reference-paths.ts";

/** Commands to run one after the other with the reference's command line and with ours, each on its own kind of server. */
export interface CommandScript {
  /** Files of the project the commands run in, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Requests to make first. */
  readonly given?: readonly { readonly path: string; readonly body: object }[];
  readonly commands: readonly (readonly string[])[];
  readonly env?: Readonly<Record<string, string>>;
  /** Requests whose answers are compared after each command; by POST. */
  readonly reads: readonly { readonly path: string; readonly body: object }[];
}

const WITHOUT_SERVICES = Object.fromEntries(
  ["SCHEDULER", "LATE_RUNS", "FOREMAN", "CANCELLATION_CLEANUP", "PAUSE_EXPIRATIONS", "REPOSSESSOR"].map((service) => [
    `PREFECT_SERVER_SERVICES_${service}_ENABLED`,
    "false",
  ]),
);

/** After each command: how it ended, and what the server then had. */
export type Outcome = readonly { readonly args: string; readonly code: number; readonly reads: readonly unknown[] }[];

/** The reference's outcome is recorded. */
export async function bothOutcomes(
  script: CommandScript,
): Promise<{ readonly ours: Outcome; readonly theirs: Outcome }> {
  const hash = createHash("sha256").update(JSON.stringify(script)).digest("hex").slice(0, 16);
  const recorded = cached(`commands-${hash}.json`, async () => {
    await using server = await startReference({ env: WITHOUT_SERVICES });
    const program = join(referenceFolder("3.9.1"), "bin", "prefect");
    return JSON.stringify(await play(script, server.apiUrl, (args, options) => runCommand(args, options, program)));
  });
  await using server = await startTestServer();
  const ours = await play(script, server.apiUrl, runCommand);
  // A flow without a docstring is described as "None" there.
  return { ours, theirs: JSON.parse((await recorded).replaceAll('"description":"None"', '"description":null')) };
}

interface RunOptions {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

async function play(
  script: CommandScript,
  apiUrl: string,
  run: (args: readonly string[], options: RunOptions) => Promise<Ended>,
): Promise<Outcome> {
  await using folder = await temporaryFolder();
  for (const [name, content] of Object.entries(script.files ?? {})) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true });
    await writeFile(join(folder.path, name), content);
  }
  for (const { path, body } of script.given ?? []) await post(apiUrl + path, body);
  const path = [dirname(referencePython("3.9.1")), process.env.PATH].join(delimiter);
  const env = { PATH: path, PREFECT_API_URL: apiUrl, VIRTUAL_ENV: "", GIT_CEILING_DIRECTORIES: "/", ...script.env };
  const outcome = [];
  for (const args of script.commands) {
    const { code, stdout, stderr } = await run(args, { home: folder.path, env });
    if (process.env.PREFECT_TS_SHOW_COMMANDS)
      process.stderr.write(`${args.join(" ")}: ${code}\n${stdout}\n${stderr}\n`);
    const reads = [];
    for (const read of script.reads) reads.push(await post(apiUrl + read.path, read.body));
    outcome.push({ args: args.join(" "), code, reads });
  }
  return comparable(outcome, folder.path) as Outcome;
}

async function post(url: string, body: object): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  // The reference's own services lock its database now and then.
  const response = await waitUntil(
    `${url} answers`,
    async () => {
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      return answer.status !== 503 && answer;
    },
    { timeoutMs: 60_000, intervalMs: 200 },
  );
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return parseJson(text);
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIMES = new Set(["created", "updated", "last_polled"]);

/** Ids as numbers in order of their appearance, the folder and the moment left out. */
function comparable(value: unknown, folder: string): unknown {
  const ids = new Map<string, string>();
  const label = (id: string) => {
    if (!ids.has(id)) ids.set(id, `<id ${ids.size + 1}>`);
    return ids.get(id) ?? "";
  };
  const text = JSON.stringify(value, (key, item) => (TIMES.has(key) ? undefined : item));
  const now = new Date().toISOString().slice(0, 11);
  return JSON.parse(
    text
      .replaceAll(folder, "<folder>")
      .replaceAll(UUID, label)
      .replaceAll(new RegExp(`"${now}[^"]*"`, "g"), '"<now>"'),
  );
}
