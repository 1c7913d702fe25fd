import { expect, test } from "vitest";
import { waitUntil } from "../support/disposable.ts";
import { forEachServer } from "../support/for-each-server.ts";
import { usedHeapBytes } from "../support/memory.ts";
import { slopeOf, startSoak } from "../support/soak.ts";

const EVENTS_PER_SECOND = 200;
const SAMPLES = 10;
const SECONDS_BETWEEN = 2.5;
/** What may stay of an event: one that is kept takes more than 2,000. The rest is the noise of half a minute. */
const MAX_BYTES_PER_EVENT = 700;

/** The long form is `bench/soak.ts`. */
forEachServer((start) => {
  test("memory stays where it is while events come steadily and many subscribers are told of them", async () => {
    await using server = await start({ services: true });
    using soak = await startSoak({ apiUrl: server.apiUrl, eventsPerSecond: EVENTS_PER_SECOND, subscribers: 50 });
    // Fills what remembers a limited number of events.
    await soak.burst(6_000);
    await soak.run(5);

    const samples = [];
    for (let taken = 0; taken < SAMPLES; taken++) {
      await soak.run(SECONDS_BETWEEN);
      await waitUntil("all are told of everything", () => soak.fewestTold() === soak.sent);
      expect(server.ctx.ingest.backlog).toBe(0);
      samples.push({ x: soak.sent, y: usedHeapBytes() });
    }

    expect(slopeOf(samples).slope).toBeLessThan(MAX_BYTES_PER_EVENT);
  }, 180_000);
});
