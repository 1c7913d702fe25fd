// Measures the reference and ours side by side and prints the ratios.
//
//   npm run bench                        everything: about 15 minutes
//   npm run bench -- --seconds 2 --connections 1,16 --databases sqlite --scenarios lifecycle
//
// One scenario at a time, the peers in turn on the same machine; both keep their default durability. A ratio is given
// only where neither side answered with an error.
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { request } from "undici";
import { referenceFolder } from "../tests/support/reference-paths.ts";
import { type Http, type Measured, measure } from "./load.ts";
import { type DatabaseName, type Peer, type PeerName, startBenchPostgres, startPeer } from "./peers.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "4" },
    connections: { type: "string", default: "1,16,128" },
    databases: { type: "string", default: "sqlite,postgresql" },
    scenarios: { type: "string", default: "" },
    peers: { type: "string", default: "reference,ours" },
  },
});
const seconds = Number(options.seconds);
const connections = options.connections.split(",").map(Number);
const chosen = scenarios.filter(({ name }) => name.startsWith(options.scenarios));
const peerNames = options.peers.split(",") as PeerName[];

interface Cell {
  readonly scenario: Scenario;
  readonly connections: number;
  readonly results: Partial<Record<PeerName, Measured>>;
}

console.log(`Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model}), ${seconds} s a cell\n`);
for (const database of options.databases.split(",") as DatabaseName[]) await compareOn(database);
compareCommandLine();

async function compareOn(database: DatabaseName): Promise<void> {
  await using postgres = database === "postgresql" ? await startBenchPostgres() : undefined;
  const cells: Cell[] = chosen.flatMap((scenario) =>
    connections.map((count) => ({ scenario, connections: count, results: {} })),
  );
  console.log(`## ${database}\n`);
  const rows: string[] = [];
  for (const name of peerNames) {
    await startOnce(name);
    await using peer = await startPeer(name, database, postgres?.databaseUrl(name));
    const idleMb = peer.memoryMb();
    for (const cell of cells) cell.results[name] = await runCell(peer, cell);
    rows.push(
      `${name}: healthy after ${peer.startSeconds.toFixed(2)} s, ${idleMb.toFixed(0)} MB idle, ${peer.memoryMb().toFixed(0)} MB after the load; ${await consistency(peer)}`,
    );
  }
  console.log("| scenario | connections | reference | ours | ratio | p99 reference | p99 ours |");
  console.log("|---|---|---|---|---|---|---|");
  for (const cell of cells) console.log(tableRow(cell));
  console.log(`\n${rows.join("\n")}\n`);
}

/** The first start after an installation compiles the program; what is measured is any later one, for both peers. */
async function startOnce(name: PeerName): Promise<void> {
  await using _peer = await startPeer(name, "sqlite");
}

async function runCell(peer: Peer, cell: Cell): Promise<Measured> {
  const step = await cell.scenario.prepare(plainHttp(peer.apiUrl));
  const load = { connections: cell.connections, seconds: 1 };
  await measure(peer.apiUrl, step, load);
  const measured = await measure(peer.apiUrl, step, { ...load, seconds });
  process.stderr.write(
    `${peer.database} ${peer.name} ${cell.scenario.name} x${cell.connections}: ${measured.perSecond.toFixed(0)}/s ${JSON.stringify(measured.errors)}\n`,
  );
  return measured;
}

/** For setting up: retries what the reference refuses while it is busy with what came before. */
function plainHttp(apiUrl: string): Http {
  const send = async (method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> => {
    for (let attempt = 1; ; attempt++) {
      const headers = { "content-type": "application/json" };
      const answer = await request(apiUrl + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      if (answer.statusCode < 300) return JSON.parse(text);
      if (attempt === 20) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  return { post: (path, body) => send("POST", path, body), get: (path) => send("GET", path) };
}

/** Runs whose current state contradicts their history would make the figures worthless. */
async function consistency(peer: Peer): Promise<string> {
  const http = plainHttp(peer.apiUrl);
  const count = async (flow_runs: object) => Number(await http.post("/flow_runs/count", { flow_runs }));
  const all = await count({});
  const completed = await count({ state: { type: { any_: ["COMPLETED"] } } });
  const ended = await count({ state: { type: { any_: ["COMPLETED"] } }, end_time: { is_null_: false } });
  return `${all} runs, ${completed} completed, ${completed - ended} of them without an end`;
}

function tableRow({ scenario, connections: count, results }: Cell): string {
  const { reference, ours } = results;
  const clean = reference && ours && !hasErrors(reference) && !hasErrors(ours) && reference.done > 0;
  const ratio = clean ? `${(ours.perSecond / reference.perSecond).toFixed(0)}x` : "-";
  const p99 = (measured: Measured | undefined) => (measured ? `${measured.p99Ms.toFixed(1)} ms` : "-");
  return `| ${scenario.name} (${scenario.unit}) | ${count} | ${figure(reference)} | ${figure(ours)} | ${ratio} | ${p99(reference)} | ${p99(ours)} |`;
}

function figure(measured: Measured | undefined): string {
  if (!measured) return "-";
  const errors = Object.values(measured.errors).reduce((sum, count) => sum + count, 0);
  const perSecond = measured.perSecond < 100 ? measured.perSecond.toFixed(1) : measured.perSecond.toFixed(0);
  return errors === 0 ? perSecond : `${perSecond} (${errors} errors)`;
}

function hasErrors(measured: Measured): boolean {
  return Object.keys(measured.errors).length > 0;
}

/** `--version`, the median of nine runs beside the bare interpreter's. */
function compareCommandLine(): void {
  const launcher = join(import.meta.dirname, "..", "bin", "prefect");
  const bare = medianMs(process.execPath, ["-e", "0"]);
  const ours = medianMs(process.execPath, [launcher, "--version"]);
  const reference = medianMs(join(referenceFolder("3.9.1"), "bin", "prefect"), ["--version"]);
  console.log("## command line\n");
  console.log("| command | reference | ours | ratio | `node -e 0` | ours to node |");
  console.log("|---|---|---|---|---|---|");
  console.log(
    `| prefect --version | ${reference.toFixed(0)} ms | ${ours.toFixed(0)} ms | ${(reference / ours).toFixed(0)}x | ${bare.toFixed(0)} ms | ${(ours / bare).toFixed(2)}x |`,
  );
}

function medianMs(program: string, args: readonly string[]): number {
  const times = Array.from({ length: 9 }, () => {
    const before = performance.now();
    execFileSync(program, args, { stdio: "ignore" });
    return performance.now() - before;
  });
  return times.sort((a, b) => a - b)[4] as number;
}
