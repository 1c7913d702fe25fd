import fc from "fast-check";
import { expect, test } from "vitest";
import { uuid7Ids } from "../../../src/kit/ids.ts";
import { addSeconds } from "../../../src/kit/timestamp.ts";
import type { Event } from "../../../src/schemas/event.ts";
import type { RunningServer } from "../../../src/server/main.ts";
import { runLeases } from "../../../src/server/services/run-leases.ts";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { manualClock } from "../../support/manual-clock.ts";

const ids = uuid7Ids(() => Date.now());
const NOW = "2030-01-01T00:00:00Z";
const LEASE_SECONDS = 600;

interface Run {
  readonly id: string;
  /** What the heartbeat says of the attempt. */
  readonly attempt?: string;
}

const heartbeat = ({ id, attempt }: Run): Event => ({
  id: ids.next(),
  occurred: NOW,
  event: "prefect.flow-run.heartbeat",
  resource: {
    "prefect.resource.id": `prefect.flow-run.${id}`,
    ...(attempt !== undefined && { "prefect.run-count": attempt }),
  },
  related: [],
  payload: {},
  follows: null,
});

async function leases({ ctx }: RunningServer) {
  const query = ctx.db.read.selectFrom("prefect_ts_run_lease").select(["id", "run_count", "last_heartbeat", "expires"]);
  return await query.orderBy("id").execute();
}

forEachServer((start) => {
  const open = async () => {
    const clock = manualClock(NOW);
    const server = await start({ clock });
    const api = createApi(server.apiUrl);
    const { id: flow_id } = await api.post("/flows/", { name: "f" });
    const create = async (type: string) => (await api.post("/flow_runs/", { flow_id, state: { type } })).id;
    const set = (id: string, type: string) => api.post(`/flow_runs/${id}/set_state`, { state: { type } });
    return { clock, server, api, create, set, [Symbol.asyncDispose]: () => server.stop() };
  };

  test("any order and repetition of the same heartbeats ends in the same leases", async () => {
    await using at = await open();
    const running = await at.create("RUNNING");
    const paused = await at.create("PAUSED");
    const others = [await at.create("PENDING"), await at.create("COMPLETED")];
    const runs = [running, paused, ...others].map((id) => ({ id }));
    const strangers = [
      { id: ids.next() },
      { id: "no-id" },
      { id: running, attempt: "7" },
      { id: running, attempt: "9".repeat(99) },
    ];
    const beats = [...runs, ...runs, ...strangers].map(heartbeat);
    const deliveries = fc.array(fc.shuffledSubarray(beats, { minLength: 1 }), { maxLength: 3 });

    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(beats, { minLength: beats.length }), deliveries, async (all, again) => {
        for (const batch of [...again, all, ...again]) {
          await at.server.ctx.ingest.add(batch.map((event) => ({ ...event, id: ids.next() })));
        }

        const expires = addSeconds(NOW, LEASE_SECONDS);
        const expected = [running, paused].map((id) => ({ id, run_count: 1, last_heartbeat: NOW, expires }));
        expect(await leases(at.server)).toEqual([
          expected[0],
          // It has never run.
          { ...expected[1], run_count: 0 },
        ]);
      }),
      { numRuns: 20 },
    );
  });

  test("however heartbeats and the end of a run cross, the run stays as it ended and nobody waits for more", async () => {
    await using at = await open();
    const few = fc.integer({ min: 0, max: 3 });

    await fc.assert(
      fc.asyncProperty(few, few, async (before, after) => {
        const id = await at.create("PENDING");
        await at.set(id, "RUNNING");
        const beats = (count: number) =>
          Array.from({ length: count }, () => at.server.ctx.ingest.add([heartbeat({ id })]));

        await Promise.all([...beats(before), at.set(id, "COMPLETED"), ...beats(after)]);
        await runLeases.tick(at.server.ctx);
        for (let passed = 0; passed <= LEASE_SECONDS; passed += 20) {
          at.clock.advanceMs(20_000);
          await runLeases.tick(at.server.ctx);
        }

        expect((await at.api.get(`/flow_runs/${id}`)).at("state_type")).toBe("COMPLETED");
        expect(await leases(at.server)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
