// How long it takes from the request for a deployment's run to the first line of its code.
//
//   node bench/dispatch.ts                        every pair of server and worker, 10 runs of each kind
//   node bench/dispatch.ts --runs 3 --pairs ours+ours
//
// One run at a time, a new process for each. Workers ask as often as their settings say; "tuned" asks every second.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Client, createClient } from "../src/client/client.ts";
import { stopProcess, temporaryFolder, waitUntil } from "../tests/support/disposable.ts";
import { referenceFolder } from "../tests/support/reference-paths.ts";
import { LAUNCHERS, type PeerName, startPeer } from "./peers.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "10" },
    pairs: { type: "string", default: "reference+reference,reference+tuned,ours+reference,ours+ours" },
  },
});
const LANGUAGES = { python: "flows.py:dispatched", typescript: "flows.ts:dispatched" } as const;
type Language = keyof typeof LANGUAGES;

console.log("| server | worker | code | p50 | p95 | slowest |");
console.log("|---|---|---|---|---|---|");
for (const pair of options.pairs.split(",")) {
  const [server = "", worker = ""] = pair.split("+");
  await measure(server as PeerName, worker as PeerName | "tuned");
}

async function measure(serverName: PeerName, workerName: PeerName | "tuned"): Promise<void> {
  await using server = await startPeer(serverName, "sqlite");
  using client = createClient({ apiUrl: server.apiUrl });
  await using _worker = await startWorker(server.apiUrl, workerName);
  await waitUntil("the pool", () => client.workPools.read("dispatched").catch(() => undefined), { timeoutMs: 60_000 });
  for (const language of workerName === "ours" ? (["python", "typescript"] as const) : (["python"] as const)) {
    const deployment = await deploy(client, language);
    await dispatch(client, deployment);
    const took: number[] = [];
    while (took.length < Number(options.runs)) took.push(await dispatch(client, deployment));
    const sorted = took.toSorted((a, b) => a - b);
    const at = (share: number) => `${Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN)} ms`;
    console.log(`| ${serverName} | ${workerName} | ${language} | ${at(0.5)} | ${at(0.95)} | ${at(1)} |`);
  }
}

async function startWorker(apiUrl: string, name: PeerName | "tuned"): Promise<AsyncDisposable> {
  const home = await temporaryFolder("prefect-bench-");
  const child = spawn(
    LAUNCHERS[name === "ours" ? "ours" : "reference"],
    ["worker", "start", "--pool", "dispatched", "--type", "process"],
    {
      env: {
        ...process.env,
        PREFECT_HOME: home.path,
        PREFECT_API_URL: apiUrl,
        VIRTUAL_ENV: referenceFolder("3.9.1"),
        ...(name === "tuned" ? { PREFECT_WORKER_QUERY_SECONDS: "1" } : {}),
      },
      stdio: "ignore",
    },
  );
  return {
    async [Symbol.asyncDispose]() {
      await stopProcess(child, "SIGTERM", 10_000);
      await home[Symbol.asyncDispose]();
    },
  };
}

async function deploy(client: Client, language: Language): Promise<string> {
  const flow = await client.flows.create({ name: `dispatched-${language}` });
  const directory = join(import.meta.dirname, "dispatch");
  const { id } = await client.deployments.create({
    name: "dispatched",
    flow_id: flow.id,
    entrypoint: LANGUAGES[language],
    pull_steps: [{ "prefect.deployments.steps.set_working_directory": { directory } }],
    work_pool_name: "dispatched",
  });
  return id;
}

/** Milliseconds until the code of a new run has begun. */
async function dispatch(client: Client, deploymentId: string): Promise<number> {
  await using folder = await temporaryFolder("prefect-bench-");
  const path = join(folder.path, "begun");
  const asked = Date.now();
  const { id } = await client.deployments.createFlowRun(deploymentId, { parameters: { path } });
  const ended = async () => (await client.flowRuns.read(id)).state_type === "COMPLETED";
  await waitUntil("the end of a run", ended, { timeoutMs: 120_000, intervalMs: 100 });
  const begun = Number(await readFile(path, "utf8"));
  return begun - asked;
}
