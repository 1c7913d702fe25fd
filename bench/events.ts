// How many events a second are stored, and how soon they are seen.
//
//   node bench/events.ts                          both peers, both databases, at 20,000 events a second
//   node bench/events.ts --rate 0 --peers ours    as many as it takes
//   node bench/events.ts --forms frames,posts --related 2 --seconds 30
//
// Several clients send at a fixed rate, whatever the server makes of it, every fiftieth batch twice. Meanwhile one event
// at a time is sent apart and waited for, on /events/filter and on /events/out. In the end each event must be there once.
import { once } from "node:events";
import { parseArgs } from "node:util";
import type { WebSocket } from "ws";
import { waitUntil } from "../tests/support/disposable.ts";
import { type EventForm, type EventLoad, openSocket, sendEvents } from "./event-load.ts";
import { type DatabaseName, type Peer, type PeerName, startBenchPostgres, startPeer } from "./peers.ts";

const { values: options } = parseArgs({
  options: {
    rate: { type: "string", default: "20000" },
    seconds: { type: "string", default: "10" },
    clients: { type: "string", default: "8" },
    related: { type: "string", default: "0" },
    forms: { type: "string", default: "frames,posts" },
    databases: { type: "string", default: "sqlite,postgresql" },
    peers: { type: "string", default: "reference,ours" },
  },
});
const MARKER = "bench.marker";
/** Long enough for what the reference has taken in and not stored yet. */
const SETTLED_AFTER_MS = 15_000;
const UNSEEN_AFTER_MS = 30_000;
/** Asking costs the server time, too. */
const POLL_MS = 100;

console.log(`${options.rate} events/s asked for, ${options.clients} clients, ${options.related} related resources\n`);
console.log(
  "| peer | sent as | stored/s | stored of sent | CPU per event | seen by filter, p50 / max | seen by subscriber, p50 / max | memory before, most, after |",
);
console.log("|---|---|---|---|---|---|---|---|");
for (const database of options.databases.split(",") as DatabaseName[]) {
  await using postgres = database === "postgresql" ? await startBenchPostgres() : undefined;
  for (const name of options.peers.split(",") as PeerName[]) {
    await using peer = await startPeer(name, database, postgres?.databaseUrl(name));
    for (const form of options.forms.split(",") as EventForm[]) await measure(peer, form);
  }
}

async function measure(peer: Peer, form: EventForm): Promise<void> {
  const load: EventLoad = {
    // The reference takes one event in a frame only.
    form: form === "frames" && peer.name === "reference" ? "single" : form,
    rate: Number(options.rate),
    seconds: Number(options.seconds),
    clients: Number(options.clients),
    related: Number(options.related),
  };
  const name = `bench.${form}`;
  await sendEvents(peer.apiUrl, "bench.warm-up", { ...load, seconds: 1 });
  const memory = watchMemory(peer);
  const cpuBefore = peer.cpuMs();
  const watch = await watchVisibility(peer.apiUrl);
  const sent = await sendEvents(peer.apiUrl, name, load);
  const cpuMs = peer.cpuMs() - cpuBefore;
  const { filter, subscriber } = await watch.stop();
  const stored = await countStored(peer.apiUrl, name, sent.events);
  const perSecond = stored.count / (sent.seconds + stored.waitedSeconds);
  const cells = [
    `${peer.name}, ${peer.database}`,
    form,
    perSecond.toFixed(0),
    `${stored.count} of ${sent.events}`,
    `${((cpuMs * 1000) / stored.count).toFixed(0)} µs`,
    spread(filter),
    spread(subscriber),
    memory.stop(),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/** Waits until all are there, or no more come. */
async function countStored(apiUrl: string, name: string, expected: number) {
  const start = performance.now();
  const count = async () => {
    const body = { filter: { event: { name: [name] } }, limit: 1 };
    return ((await post(`${apiUrl}/events/filter`, body)) as { total: number }).total;
  };
  let last = await count();
  let grewAt = start;
  while (last < expected && performance.now() - grewAt < SETTLED_AFTER_MS) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = await count();
    if (now > last) grewAt = performance.now();
    last = now;
  }
  return { count: last, waitedSeconds: (grewAt - start) / 1000 };
}

/** Sends marked events one after the other and measures, in ms, how long each takes to be seen. */
async function watchVisibility(apiUrl: string) {
  const [sender, reader] = await Promise.all([openSocket(apiUrl, "/events/in"), openSocket(apiUrl, "/events/out")]);
  reader.send(JSON.stringify({ type: "filter", filter: { event: { name: [MARKER] } }, backfill: false }));
  const told = new Map<string, number>();
  reader.on("message", (data) => {
    const { event } = JSON.parse(String(data)) as { event: { id: string } };
    told.set(event.id, performance.now());
  });
  const lags = { filter: [] as number[], subscriber: [] as number[] };
  let isStopping = false;
  const loop = async () => {
    while (!isStopping) {
      const id = crypto.randomUUID();
      const sentAt = performance.now();
      sender.send(JSON.stringify(marker(id)));
      lags.filter.push(await seenByFilter(apiUrl, id, sentAt));
      const toldAt = told.get(id);
      if (toldAt !== undefined) lags.subscriber.push(toldAt - sentAt);
    }
  };
  const looping = loop();
  return {
    async stop() {
      isStopping = true;
      await looping;
      await Promise.all([sender, reader].map(close));
      return lags;
    },
  };
}

function marker(id: string) {
  const resource = { "prefect.resource.id": "bench.marker" };
  return { id, occurred: new Date().toISOString(), event: MARKER, resource, related: [], payload: {} };
}

async function seenByFilter(apiUrl: string, id: string, sentAt: number): Promise<number> {
  const body = { filter: { id: { id: [id] } }, limit: 1 };
  // A server may close an idle connection just when it is used again, and the reference's database may be locked.
  const read = () => post(`${apiUrl}/events/filter`, body).catch(() => ({ events: [] }));
  const isSeen = async () => ((await read()) as { events: unknown[] }).events.length > 0;
  const wait = { timeoutMs: UNSEEN_AFTER_MS, intervalMs: POLL_MS };
  return waitUntil("a marked event is seen", isSeen, wait).then(
    () => performance.now() - sentAt,
    () => Number.POSITIVE_INFINITY,
  );
}

async function close(socket: WebSocket): Promise<void> {
  socket.close();
  await once(socket, "close");
}

function watchMemory(peer: Peer) {
  const before = peer.memoryMb();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, peer.memoryMb());
  }, 250);
  return {
    stop() {
      clearInterval(timer);
      return [before, most, peer.memoryMb()].map((mb) => `${mb.toFixed(0)} MB`).join(", ");
    },
  };
}

function spread(lags: number[]): string {
  if (lags.length === 0) return "-";
  lags.sort((a, b) => a - b);
  const shown = (ms = 0) => (Number.isFinite(ms) ? `${ms.toFixed(0)} ms` : "never");
  return `${shown(lags[lags.length >> 1])} / ${shown(lags.at(-1))}`;
}

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}
