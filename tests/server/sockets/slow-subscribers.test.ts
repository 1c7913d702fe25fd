import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import type { RunningServer } from "../../../src/server/main.ts";
import { waitUntil } from "../../support/disposable.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { usedMb } from "../../support/memory.ts";

const COUNT = 20_000;
const BATCH = 500;
const TEXT = "x".repeat(1500);
const SLOW = 4;
/** Of all that is sent to one of them, in MB; the slow ones together would hold four times as much. */
const TRAFFIC_MB = (COUNT * TEXT.length) / 1_000_000;

interface Frame {
  readonly dropped?: number;
}

/** A subscriber that counts what it is told and what it is told to have missed, and reads when it is told to. */
async function subscribe(server: RunningServer, path: string) {
  const socket = new WebSocket(`${server.apiUrl.replace("http", "ws")}${path}`, ["prefect"]);
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "auth", token: null }));
  await once(socket, "message");
  const counted = { told: 0, dropped: 0 };
  socket.on("message", (data) => {
    const { dropped = 0 } = JSON.parse(String(data)) as Frame;
    counted.told += 1;
    counted.dropped += dropped;
  });
  socket.send(JSON.stringify({ type: "filter", filter: {}, backfill: false }));
  socket.ping();
  await once(socket, "pong");
  return {
    counted,
    stopReading: () => socket.pause(),
    readOn: () => socket.resume(),
    [Symbol.dispose]: () => socket.terminate(),
  };
}

/** One that reads, and some that do not. */
async function subscribeAll(server: RunningServer, path: string) {
  const stack = new DisposableStack();
  const attentive = stack.use(await subscribe(server, path));
  const slow = [];
  for (let made = 0; made < SLOW; made++) slow.push(stack.use(await subscribe(server, path)));
  for (const { stopReading } of slow) stopReading();
  return { attentive, slow, [Symbol.dispose]: () => stack.dispose() };
}

/** Buffers are given back a moment after they were collected. */
async function memoryIsBack(before: number): Promise<void> {
  await waitUntil(`less than ${TRAFFIC_MB} MB more are in use`, () => usedMb() - before < TRAFFIC_MB);
}

async function inBatches(send: (numbers: readonly number[]) => Promise<unknown>) {
  for (let at = 0; at < COUNT; at += BATCH) await send(Array.from({ length: BATCH }, (_, index) => at + index));
}

forEachServer((start) => {
  test("subscribers to events that never read hold no memory and nobody up, and get the rest once they read", async () => {
    await using server = await start();
    using all = await subscribeAll(server, "/events/out");
    const before = usedMb();

    const event = (number: number) => ({
      id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
      occurred: server.ctx.clock.now(),
      event: "test.happened",
      resource: { "prefect.resource.id": "test" },
      related: [],
      payload: { text: TEXT },
      follows: null,
    });
    await inBatches((numbers) => server.ctx.ingest.add(numbers.map(event)));
    await waitUntil("the attentive one has heard all", () => all.attentive.counted.told >= COUNT);

    await memoryIsBack(before);
    const [slow] = all.slow;
    expect(slow?.counted.told).toBeLessThan(COUNT);
    slow?.readOn();
    await waitUntil("the slow one has heard all", () => (slow?.counted.told ?? 0) >= COUNT);
    expect([all.attentive.counted, slow?.counted]).toEqual(Array(2).fill({ told: COUNT, dropped: 0 }));
  }, 90_000);

  test("subscribers to logs that never read hold no memory and nobody up, and learn how many they missed", async () => {
    await using server = await start({
      env: { PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED: "true", PREFECT_SERVER_LOGS_STREAM_PUBLISHING_ENABLED: "true" },
    });
    using all = await subscribeAll(server, "/logs/out");
    const before = usedMb();

    const log = (message: string) => ({ name: "n", level: 20, message, timestamp: "2030-01-01T00:00:00Z" });
    const send = async (logs: readonly object[]) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${server.apiUrl}/logs/`, { method: "POST", headers, body: JSON.stringify(logs) });
      expect(answer.status).toBe(201);
    };
    await inBatches((numbers) => send(numbers.map(() => log(TEXT))));
    await waitUntil("the attentive one has heard all", () => all.attentive.counted.told >= COUNT);

    await memoryIsBack(before);
    for (const { readOn } of all.slow) readOn();
    // What has room again is told, and with it what had none.
    const total = ({ counted }: (typeof all.slow)[number]) => counted.told + counted.dropped;
    await waitUntil("the slow ones are told what they missed", async () => {
      await send([log("one more")]);
      return all.slow.every((each) => each.counted.dropped > 0);
    });
    await waitUntil("all are told the same", () => new Set([all.attentive, ...all.slow].map(total)).size === 1);
    expect(all.attentive.counted.dropped).toBe(0);
  }, 90_000);
});
