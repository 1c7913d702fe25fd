// Whether memory stays where it is: 200 events a second, with 50 subscribers to each.
//
//   node bench/soak.ts                                     one minute on SQLite
//   node bench/soak.ts --minutes 30 --database postgresql
//
// After a warm-up of a third of the time, the line through the server's resident memory says how much it grows an hour.
import { parseArgs } from "node:util";
import { waitUntil } from "../tests/support/disposable.ts";
import { slopeOf, startSoak } from "../tests/support/soak.ts";
import { type DatabaseName, type PeerName, startBenchPostgres, startPeer } from "./peers.ts";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    events: { type: "string", default: "200" },
    subscribers: { type: "string", default: "50" },
    database: { type: "string", default: "sqlite" },
    peer: { type: "string", default: "ours" },
  },
});
const SAMPLES = 90;
const MB_PER_HOUR = 3600;

const name = options.peer as PeerName;
const database = options.database as DatabaseName;
await using postgres = database === "postgresql" ? await startBenchPostgres() : undefined;
await using peer = await startPeer(name, database, postgres?.databaseUrl(name));
const load = { eventsPerSecond: Number(options.events), subscribers: Number(options.subscribers) };
using soak = await startSoak({ apiUrl: peer.apiUrl, ...load });

const sampleSeconds = (Number(options.minutes) * 60) / SAMPLES;
const start = performance.now();
const samples: { readonly x: number; readonly y: number }[] = [];
console.log(`${name} on ${database}: ${load.eventsPerSecond} events/s, ${load.subscribers} subscribers\n`);
for (let taken = 0; taken < SAMPLES; taken++) {
  await soak.run(sampleSeconds);
  const sample = { x: (performance.now() - start) / 1000, y: peer.memoryMb() };
  samples.push(sample);
  if (taken % 9 === 8) console.log(`${(sample.x / 60).toFixed(1)} min: ${sample.y.toFixed(0)} MB, ${soak.sent} sent`);
}
// What was sent last is on its way.
await waitUntil("all are told", () => soak.fewestTold() >= soak.sent).catch(() => undefined);
const warm = samples.slice(SAMPLES / 3);
const { slope, error } = slopeOf(warm);
const spread = [Math.min(...warm.map(({ y }) => y)), Math.max(...warm.map(({ y }) => y))].map((mb) => mb.toFixed(0));
console.log(`\n${soak.sent} events sent, ${soak.fewestTold()} told to the subscriber that was told of fewest`);
console.log(`after the warm-up between ${spread.join(" and ")} MB, line through it:`);
console.log(`${(slope * MB_PER_HOUR).toFixed(1)} MB an hour, give or take ${(2 * error * MB_PER_HOUR).toFixed(1)}`);
console.log(`${((peer.cpuMs() / (performance.now() - start)) * 100).toFixed(0)} % of a processor`);
