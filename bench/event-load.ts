import { once } from "node:events";
import { Pool } from "undici";
import { WebSocket } from "ws";
import { uuid7Ids } from "../src/kit/ids.ts";

/** How events travel: one in a frame (Python's clients), a hundred in a frame (ours), or fifty in a POST. */
export type EventForm = "single" | "frames" | "posts";
const EVENTS_OF: Readonly<Record<EventForm, number>> = { single: 1, frames: 100, posts: 50 };

/** What a sender may have handed to its socket and not got rid of before it waits, in bytes. */
const MAX_UNSENT = 512 * 1024;
const TICK_MS = 5;
/** One batch in so many is sent twice, as clients do that lost their connection. */
const REPEAT_EVERY = 50;

export interface EventLoad {
  readonly form: EventForm;
  /** Events a second, whatever the server makes of them; 0 for as many as it takes. */
  readonly rate: number;
  readonly seconds: number;
  readonly clients: number;
  /** Related resources of an event: 0 outside of a flow run, 2 inside. */
  readonly related: number;
}

export interface SentEvents {
  /** Different events. */
  readonly events: number;
  /** From the first event to the last proof that everything is stored. */
  readonly seconds: number;
  /** How late the last event was sent, against the rate asked for. */
  readonly behindMs: number;
}

/** Takes one batch; resolves when the next may come. */
interface Sender {
  send(batch: string): Promise<void>;
  /** Resolves when the server says that it has got everything. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Sends events called `name` at the rate asked for, from several clients in turn. */
export async function sendEvents(apiUrl: string, name: string, load: EventLoad): Promise<SentEvents> {
  const senders = await Promise.all(Array.from({ length: load.clients }, () => openSender(apiUrl, load.form)));
  const nextBatch = batchMaker(name, load);
  const size = EVENTS_OF[load.form];
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  let sent = 0;
  let behindMs = 0;

  /** Each client takes every n-th batch, at its time. */
  const run = async (sender: Sender) => {
    while (elapsed() < load.seconds) {
      const dueAt = load.rate > 0 ? sent / load.rate : 0;
      if (dueAt >= load.seconds) return;
      if (dueAt > elapsed()) {
        await new Promise((resolve) => setTimeout(resolve, Math.max(TICK_MS, (dueAt - elapsed()) * 1000)));
        continue;
      }
      behindMs = load.rate > 0 ? (elapsed() - dueAt) * 1000 : 0;
      sent += size;
      const batch = nextBatch();
      await sender.send(batch);
      if ((sent / size) % REPEAT_EVERY === 0) await sender.send(batch);
    }
  };
  await Promise.all(senders.map(run));
  await Promise.all(senders.map((sender) => sender.settled()));
  const seconds = elapsed();
  await Promise.all(senders.map((sender) => sender.close()));
  return { events: sent, seconds, behindMs };
}

/** Makes the texts of batches, in the form of Python's client. */
function batchMaker(name: string, { form, related }: EventLoad): () => string {
  const ids = uuid7Ids(Date.now);
  const relatedText = JSON.stringify(relatedResources(ids.next(), related));
  let made = 0;
  const event = () => {
    made += 1;
    const occurred = `${new Date().toISOString().slice(0, -1)}${String(made % 1000).padStart(3, "0")}Z`;
    const resource = `{"prefect.resource.id":"bench.thing.${made % 1000}","prefect.resource.name":"thing"}`;
    return `{"occurred":"${occurred}","event":"${name}","resource":${resource},"related":${relatedText},"payload":{"value":${made},"text":"a few words"},"id":"${ids.next()}","follows":null}`;
  };
  if (form === "single") return event;
  return () => `[${Array.from({ length: EVENTS_OF[form] }, event).join(",")}]`;
}

function relatedResources(id: string, count: number) {
  const roles = ["flow-run", "flow", "deployment", "work-pool", "tag"];
  return roles.slice(0, count).map((role) => ({
    "prefect.resource.id": `prefect.${role}.${id}`,
    "prefect.resource.role": role,
    "prefect.resource.name": "calm-cat",
  }));
}

function openSender(apiUrl: string, form: EventForm): Promise<Sender> {
  return form === "posts" ? Promise.resolve(postingSender(apiUrl)) : socketSender(apiUrl);
}

function postingSender(apiUrl: string): Sender {
  const { origin, pathname } = new URL(apiUrl);
  const pool = new Pool(origin, { connections: 1, pipelining: 1 });
  const headers = { "content-type": "application/json" };
  return {
    async send(body) {
      const answer = await pool.request({ method: "POST", path: `${pathname}/events`, headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 204) throw new Error(`HTTP ${answer.statusCode}`);
    },
    settled: async () => undefined,
    close: () => pool.destroy(),
  };
}

async function socketSender(apiUrl: string): Promise<Sender> {
  const socket = await openSocket(apiUrl, "/events/in");
  return {
    async send(text) {
      socket.send(text);
      while (socket.bufferedAmount > MAX_UNSENT) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    },
    async settled() {
      const pong = once(socket, "pong");
      socket.ping();
      await pong;
    },
    async close() {
      socket.close();
      await once(socket, "close");
    },
  };
}

/** A socket past the handshake of Prefect's clients. */
export async function openSocket(apiUrl: string, path: string): Promise<WebSocket> {
  const socket = new WebSocket(`${apiUrl.replace("http", "ws")}${path}`, ["prefect"], { perMessageDeflate: false });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "auth", token: null }));
  await once(socket, "message");
  return socket;
}
