import { expect, test } from "vitest";
import type { RunningServer } from "../../../src/server/main.ts";
import { createEventStream, earliestTold } from "../../../src/server/sockets/event-stream.ts";
import type { Outbox } from "../../../src/server/sockets/outbox.ts";
import { waitUntil } from "../../support/disposable.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { manualClock } from "../../support/manual-clock.ts";

const START = "2030-01-01T00:01:00Z";

/** A peer that reads when it is told to. */
function slowPeer() {
  const frames: { readonly event: { readonly id: string }; readonly dropped?: number }[] = [];
  let isFull = false;
  let wake: () => void = () => undefined;
  const outbox: Outbox = {
    isClosed: false,
    get isFull() {
      return isFull;
    },
    send: (frame) => frames.push(frame as (typeof frames)[number]),
    sendText: (text) => frames.push(JSON.parse(String(text)) as (typeof frames)[number]),
    async drained() {
      while (isFull)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
  };
  return {
    outbox,
    frames,
    ids: () => frames.map(({ event }) => Number(event.id.slice(-12))),
    stopReading() {
      isFull = true;
    },
    readOn() {
      isFull = false;
      wake();
    },
  };
}

/** Stores events with these numbers, which take place one second after the other. */
async function happen(server: RunningServer, numbers: readonly number[]) {
  const events = numbers.map((number) => ({
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    occurred: `2030-01-01T00:00:${String(number % 60).padStart(2, "0")}Z`,
    event: "test.happened",
    resource: { "prefect.resource.id": "test" },
    related: [],
    payload: {},
    follows: null,
  }));
  await server.ctx.ingest.add(events);
}

function subscribe({ ctx }: RunningServer) {
  const peer = slowPeer();
  const failures: unknown[] = [];
  const filter = { order: "ASC" as const };
  const stream = createEventStream(ctx, peer.outbox, { filter, onFailure: (error) => failures.push(error) });
  ctx.live.events.subscribe({ onItems: stream.offer });
  return { ...peer, ...stream, failures };
}

forEachServer((start) => {
  test("a reader that is too slow is told later, in order and each event once", async () => {
    await using server = await start({ clock: manualClock(START) });
    const reader = subscribe(server);
    await happen(server, [1]);
    reader.stopReading();
    await happen(server, [2, 3]);
    await happen(server, [4]);
    expect(reader.ids()).toEqual([1]);

    reader.readOn();
    await waitUntil("the others", () => reader.frames.length >= 4);
    await happen(server, [5]);
    await waitUntil("the last", () => reader.frames.length >= 5);

    expect(reader.ids()).toEqual([1, 2, 3, 4, 5]);
    expect(reader.frames.every(({ dropped }) => dropped === undefined)).toBe(true);
    expect(reader.failures).toEqual([]);
  });

  test("what is older than any look back when a reader goes on is lost, and the next frame says so", async () => {
    const clock = manualClock(START);
    await using server = await start({ clock });
    const reader = subscribe(server);
    reader.stopReading();
    await happen(server, [1, 2, 3]);

    clock.advanceMs(3_600_000);
    reader.readOn();
    await waitUntil("the next frame", () => reader.frames.length > 0);

    // What came while it was already behind had waited in memory.
    expect(reader.ids()).toEqual([2, 3]);
    expect(reader.frames.map(({ dropped }) => dropped)).toEqual([1, undefined]);
  });

  test("looking back tells what is stored, then what came meanwhile, each once", async () => {
    await using server = await start({ clock: manualClock(START) });
    await happen(server, [1, 2]);
    const reader = subscribe(server);

    reader.lookBack(earliestTold(server.ctx));
    await happen(server, [3]);
    await waitUntil("all", () => reader.frames.length >= 3);
    reader.lookBack(earliestTold(server.ctx));
    await happen(server, [4]);
    await waitUntil("the last", () => reader.frames.length >= 4);

    expect(reader.ids()).toEqual([1, 2, 3, 4]);
  });
});
