// Measures every call of the reference's UI on a large database, one after the other.
//
//   node scripts/seed-database.ts sqlite:///tmp/large.db
//   node bench/queries.ts sqlite:///tmp/large.db
//   node bench/queries.ts postgresql://postgres@localhost/large --repetitions 50 --peer reference --only "flow run"
//
// The server is started on the database that is given, and leaves it as it was but for what its services do.
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { type PeerName, startPeerOn } from "./peers.ts";
import { type UiCall, uiCalls } from "./ui-calls.ts";
import { type Ask, findUiSubjects } from "./ui-subjects.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peer: { type: "string", default: "ours" },
    repetitions: { type: "string", default: "50" },
    only: { type: "string", default: "" },
    /** A call that takes longer, once, is not repeated. */
    "give-up-ms": { type: "string", default: "2000" },
    "target-ms": { type: "string", default: "50" },
  },
});
const [url = ""] = positionals;
const [repetitions, giveUpMs, targetMs] = [options.repetitions, options["give-up-ms"], options["target-ms"]].map(
  Number,
) as [number, number, number];

await using peer = await startPeerOn(options.peer as PeerName, url);
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

const calls = uiCalls(await findUiSubjects(ask, Date.now())).filter(({ page }) => page.includes(options.only));
console.log(`| page | call | p50 | p95 |\n|---|---|---|---|`);
const missed: string[] = [];
for (const call of calls) {
  const row = await measured(call);
  console.log(row.text);
  if (row.p95Ms > targetMs) missed.push(row.text);
}
console.log(`\n${calls.length} calls, ${missed.length} of them over ${targetMs} ms:\n${missed.join("\n")}`);
await pool.destroy();

async function measured({ page, path, body }: UiCall) {
  const times: number[] = [];
  let failure = "";
  for (let done = 0; done < repetitions + 2; done++) {
    const before = performance.now();
    await ask(path, body).catch((error: unknown) => {
      failure = error instanceof Error ? error.message.slice(-120) : String(error);
    });
    const elapsed = performance.now() - before;
    // The first two make the statement and warm what the database reads.
    if (done >= 2 || elapsed > giveUpMs || failure !== "") times.push(elapsed);
    if (elapsed > giveUpMs || failure !== "") break;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const [p50, p95Ms] = [at(0.5), at(0.95)];
  const what = `\`${path.replace(/[0-9a-f-]{36}/, "{id}")}\` ${body ? `\`${brief(body)}\`` : ""}`;
  return { p95Ms, text: `| ${page} | ${what} | ${p50.toFixed(1)} | ${p95Ms.toFixed(1)} ${failure}|` };
}

/** The body with what makes it long left out. */
function brief(body: object): string {
  const text = JSON.stringify(body, (_key, value) => (Array.isArray(value) && value.length > 4 ? ["..."] : value));
  return text
    .replaceAll(/"[0-9a-f]{8}-[0-9a-f-]{27}"/g, "ID")
    .replaceAll(/"20\d\d-[^"]*Z"/g, "T")
    .replaceAll('"', "");
}
