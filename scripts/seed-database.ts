// Fills an empty database with as many runs, states, events and logs as a busy year leaves behind: in minutes.
//
//   node scripts/seed-database.ts sqlite:////tmp/large.db
//   node scripts/seed-database.ts postgresql://postgres@localhost/large --flow-runs 100000 --events 1000000
//
// The schema is made where there is none. A database made by Prefect's own server keeps its own indexes.
import { parseArgs } from "node:util";
import { databaseAt, seedDatabase } from "../bench/seed/seed.ts";
import { countSettledHours } from "../src/db/count-settled-hours.ts";
import { openDatabase } from "../src/db/database.ts";
import { migrate } from "../src/db/migrations/migrate.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "flow-runs": { type: "string", default: "1000000" },
    "task-runs": { type: "string", default: "2000000" },
    events: { type: "string", default: "10000000" },
    logs: { type: "string", default: "2000000" },
    artifacts: { type: "string", default: "100000" },
    days: { type: "string", default: "90" },
  },
});
const url = positionals[0];
if (url === undefined) throw new Error("Which database? sqlite:///path or postgresql://user@host/database");
const config = databaseAt(url);

const database = openDatabase(config);
await migrate(database);
await database.close();
const sizes = {
  flowRuns: Number(values["flow-runs"]),
  taskRuns: Number(values["task-runs"]),
  events: Number(values.events),
  logs: Number(values.logs),
  artifacts: Number(values.artifacts),
  days: Number(values.days),
  nowMs: Date.now(),
};
const started = performance.now();
await seedDatabase(config, sizes, (what) => {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${seconds} s  ${what}\n`);
});
// As a server would have done long before.
await using seeded = openDatabase(config);
await countSettledHours(seeded);
