// Measures the scheduler: many deployments planned for the first time, with nothing to do, and when each needs a run.
//
//   node bench/scheduler.ts
//   node bench/scheduler.ts --deployments 10000 --postgres postgresql://postgres@localhost/postgres
import { parseArgs } from "node:util";
import type { RunningServer } from "../src/server/main.ts";
import { scheduler } from "../src/server/services/scheduler.ts";
import { startTestServer } from "../src/testing/test-server.ts";
import { manualClock } from "../tests/support/manual-clock.ts";

const { values: options } = parseArgs({
  options: {
    deployments: { type: "string", default: "10000" },
    /** The maintenance database of a server whose account may create databases. */
    postgres: { type: "string" },
  },
});
const count = Number(options.deployments);
/** Schedules of four kinds, no two alike, each due once in an hour. */
const scheduleOf = (at: number) => {
  const minute = at % 60;
  const anchor = new Date(Date.UTC(2020, 0, 1) + at * 1000).toISOString();
  const dtstart = anchor.replaceAll(/[-:]|\.\d+/g, "");
  return [
    { cron: `${minute} * * * *`, timezone: "UTC", day_or: true },
    { cron: `${minute} * * * *`, timezone: "Europe/Berlin", day_or: true },
    { interval: 3600, anchor_date: anchor, timezone: "UTC" },
    { rrule: `DTSTART:${dtstart}\nFREQ=HOURLY`, timezone: "UTC" },
  ][at % 4];
};

const clock = manualClock("2030-01-01T00:00:00Z");
const kind = options.postgres === undefined ? "sqlite" : "postgresql";
await using server = await startTestServer({ clock, database: kind, postgresUrl: options.postgres });
await createDeployments(server);

console.log(`| ${count} deployments on ${kind} | runs made | seconds | of which CPU |\n|---|---|---|---|`);
await measure("planned for the first time");
await measure("nothing to do");
clock.advanceMs(3_600_000);
await measure("an hour later: one run each");
await measure("nothing to do");
clock.advanceMs(60_000);
await measure("a minute later");

async function measure(what: string): Promise<void> {
  const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
  const made = await scheduler.tick(server.ctx);
  const { user, system } = process.cpuUsage(cpu);
  const [wall, used] = [(performance.now() - startedMs) / 1000, (user + system) / 1e6];
  console.log(`| ${what} | ${made} | ${wall.toFixed(2)} | ${used.toFixed(2)} |`);
}

async function createDeployments({ ctx }: RunningServer): Promise<void> {
  const now = ctx.db.dialect.timestamp(clock.now());
  const times = { created: now, updated: now };
  await ctx.db.write(async (tx) => {
    const flow_id = ctx.ids.next();
    await tx
      .insertInto("flow")
      .values({ id: flow_id, ...times, name: "f", tags: "[]" })
      .execute();
    for (let at = 0; at < count; at++) {
      const [id, schedule] = [ctx.ids.next(), JSON.stringify(scheduleOf(at))];
      await tx
        .insertInto("deployment")
        .values({ id, ...times, name: `d${at}`, flow_id, tags: '["a"]', parameters: '{"a": 1}', status: "READY" })
        .execute();
      await tx
        .insertInto("deployment_schedule")
        .values({ id: ctx.ids.next(), ...times, deployment_id: id, schedule, active: true, parameters: "{}" })
        .execute();
    }
  });
}
