// Measures every call of the reference's UI on a large database, one after the other.
//
//   node scripts/seed-database.ts sqlite:////tmp/large.db
//   node bench/queries.ts sqlite:////tmp/large.db
//   node bench/queries.ts postgresql://postgres@localhost/large --repetitions 50 --peer reference --only "flow run"
//
// The server is started on the database that is given, and leaves it as it was but for what its services do.
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { countSettledHours } from "../src/db/count-settled-hours.ts";
import { openDatabase } from "../src/db/database.ts";
import { migrate } from "../src/db/migrations/migrate.ts";
import { type PeerName, postgresCpu, startPeerOn } from "./peers.ts";
import { databaseAt } from "./seed/seed.ts";
import { type UiCall, uiCalls } from "./ui-calls.ts";
import { type Ask, findUiSubjects } from "./ui-subjects.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peer: { type: "string", default: "ours" },
    repetitions: { type: "string", default: "50" },
    /** The quietest round is what counts: other programs only ever make an answer late. */
    rounds: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    /** A call that takes longer, once, is not repeated. */
    "give-up-ms": { type: "string", default: "2000" },
    "target-ms": { type: "string", default: "50" },
  },
});
const [url = ""] = positionals;
const [repetitions, rounds, giveUpMs, targetMs] = [
  options.repetitions,
  options.rounds,
  options["give-up-ms"],
  options["target-ms"],
].map(Number) as [number, number, number, number];

if (options.peer === "ours") await catchUp();
await using peer = await startPeerOn(options.peer as PeerName, url);
const databaseCpuMs = url.startsWith("postgresql") ? await postgresCpu(url) : () => 0;
const cpuMs = () => peer.cpuMs() + databaseCpuMs();
const { origin, pathname } = new URL(peer.apiUrl);
const pool = new Pool(origin, { connections: 1, headersTimeout: 120_000 });
const ask: Ask = async (path, body) => {
  const request = { path: pathname + path, headers: { "content-type": "application/json" } };
  const answer = await pool.request(
    body ? { ...request, method: "POST", body: JSON.stringify(body) } : { ...request, method: "GET" },
  );
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${path} ${JSON.stringify(body)}: HTTP ${answer.statusCode} ${text}`);
  return JSON.parse(text);
};

interface Timing {
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Processor time of server and database for one answer. */
  readonly cpuMs: number;
  /** What went wrong, or empty. */
  readonly failure: string;
}

const calls = uiCalls(await findUiSubjects(ask, Date.now())).filter(({ page }) => page.includes(options.only));
const best = new Map<UiCall, Timing>();
for (let round = 1; round <= rounds; round++) {
  for (const call of calls) {
    const [timing, before] = [await measured(call), best.get(call)];
    const cpuMs = Math.min(timing.cpuMs, before?.cpuMs ?? timing.cpuMs);
    best.set(call, { ...(before === undefined || timing.p95Ms < before.p95Ms ? timing : before), cpuMs });
  }
  const missed = [...best.values()].filter(({ p95Ms }) => p95Ms > targetMs).length;
  process.stderr.write(`round ${round}: ${missed} of ${calls.length} calls over ${targetMs} ms\n`);
}
await pool.destroy();

console.log("| page | calls | p50, middle call | p95, slowest call | slowest call |\n|---|---|---|---|---|");
for (const [page, ofPage] of Map.groupBy(calls, (call) => call.page)) console.log(pageRow(page, ofPage));
console.log("\n| call | p50 | p95 | CPU |\n|---|---|---|---|");
for (const call of calls) {
  const timing = timingOf(call);
  if (timing.p95Ms > targetMs / 2 || timing.cpuMs > targetMs / 4)
    console.log(
      `| ${nameOf(call)} | ${milliseconds(timing, timing.p50Ms)} | ${milliseconds(timing, timing.p95Ms)} | ${timing.cpuMs.toFixed(1)} |`,
    );
}

/** What a service would have done meanwhile. */
async function catchUp(): Promise<void> {
  await using database = openDatabase(databaseAt(url));
  await migrate(database);
  await countSettledHours(database);
}

function pageRow(page: string, ofPage: readonly UiCall[]): string {
  const byP50 = ofPage.toSorted((a, b) => timingOf(a).p50Ms - timingOf(b).p50Ms);
  const middle = timingOf(byP50[Math.floor(ofPage.length / 2)] as UiCall);
  const slowest = ofPage.toSorted((a, b) => timingOf(b).p95Ms - timingOf(a).p95Ms)[0] as UiCall;
  const cells = [
    milliseconds(middle, middle.p50Ms),
    milliseconds(timingOf(slowest), timingOf(slowest).p95Ms),
    nameOf(slowest),
  ];
  return `| ${[page, ofPage.length, ...cells].join(" | ")} |`;
}

function timingOf(call: UiCall): Timing {
  return best.get(call) ?? { p50Ms: 0, p95Ms: 0, cpuMs: 0, failure: "not asked" };
}

function milliseconds({ failure }: Timing, ms: number): string {
  return failure === "" ? ms.toFixed(1) : `${ms.toFixed(0)} (${failure})`;
}

async function measured({ path, body }: UiCall): Promise<Timing> {
  const times: number[] = [];
  let failure = "";
  let [cpuBefore, asked] = [cpuMs(), 0];
  // The first two make the statement and warm what the database reads.
  for (let done = -2; done < repetitions && failure === ""; done++) {
    if (done === 0) [cpuBefore, asked] = [cpuMs(), 0];
    const before = performance.now();
    asked += 1;
    await ask(path, body).catch((error: unknown) => {
      failure = /HTTP \d+/.exec(String(error))?.[0] ?? "no answer";
    });
    const elapsed = performance.now() - before;
    if (done >= 0 || elapsed > giveUpMs || failure !== "") times.push(elapsed);
    if (elapsed > giveUpMs) break;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95), cpuMs: (cpuMs() - cpuBefore) / asked, failure };
}

function nameOf({ path, body }: UiCall): string {
  return `\`${path.replace(/[0-9a-f-]{36}/, "{id}")}\`${body ? ` \`${brief(body)}\`` : ""}`;
}

/** The body with what makes it long left out. */
function brief(body: object): string {
  const text = JSON.stringify(body, (_key, value) => (Array.isArray(value) && value.length > 4 ? ["..."] : value));
  return text
    .replaceAll(/"[0-9a-f]{8}-[0-9a-f-]{27}"/g, "ID")
    .replaceAll(/"20\d\d-[^"]*Z"/g, "T")
    .replaceAll('"', "");
}
