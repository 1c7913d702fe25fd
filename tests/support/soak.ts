import { once } from "node:events";
import { WebSocket } from "ws";
import { uuid7Ids } from "../../src/kit/ids.ts";

export interface SoakLoad {
  readonly apiUrl: string;
  readonly eventsPerSecond: number;
  readonly subscribers: number;
}

/** Events that come steadily, and subscribers that are told of each. */
export interface Soak {
  /** Sends for so long, and resolves when all that was sent is stored. */
  run(seconds: number): Promise<void>;
  /** Sends so many at once, and resolves when they are stored. */
  burst(count: number): Promise<void>;
  readonly sent: number;
  /** What the subscriber that was told of fewest was told of. */
  fewestTold(): number;
  [Symbol.dispose](): void;
}

/** How often events are sent: several at a time when there are many. */
const TICK_MS = 20;

export async function startSoak({ apiUrl, eventsPerSecond, subscribers }: SoakLoad): Promise<Soak> {
  const told: number[] = [];
  const readers = Array.from({ length: subscribers }, async (_, index) => {
    const socket = await connect(apiUrl, "/events/out");
    told[index] = 0;
    socket.on("message", () => {
      told[index] = (told[index] ?? 0) + 1;
    });
    socket.send(JSON.stringify({ type: "filter", filter: { event: { prefix: ["soak."] } }, backfill: false }));
    await settled(socket);
    return socket;
  });
  const sockets = await Promise.all([connect(apiUrl, "/events/in"), ...readers]);
  const [sender] = sockets as [WebSocket];
  const ids = uuid7Ids(Date.now);
  let sent = 0;
  const send = () => {
    sent += 1;
    sender.send(JSON.stringify(eventOf(ids.next(), sent)));
  };
  return {
    async run(seconds) {
      const start = performance.now();
      const before = sent;
      for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - start) / 1000) {
        while (sent - before < elapsed * eventsPerSecond) send();
        await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      }
      await settled(sender);
    },
    async burst(count) {
      for (let left = count; left > 0; left--) send();
      await settled(sender);
    },
    get sent() {
      return sent;
    },
    fewestTold: () => Math.min(...told),
    [Symbol.dispose]() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

function eventOf(id: string, number: number) {
  return {
    id,
    occurred: new Date().toISOString(),
    event: "soak.happened",
    resource: { "prefect.resource.id": `soak.thing.${number % 1000}` },
    related: [{ "prefect.resource.id": "prefect.flow.soak", "prefect.resource.role": "flow" }],
    payload: { number, text: "x".repeat(2000) },
    follows: null,
  };
}

/** Past the handshake of Prefect's clients. */
async function connect(apiUrl: string, path: string): Promise<WebSocket> {
  const socket = new WebSocket(`${apiUrl.replace("http", "ws")}${path}`, ["prefect"]);
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "auth", token: null }));
  await once(socket, "message");
  return socket;
}

/** The server has read, and stored, what it was sent on this socket. */
async function settled(socket: WebSocket): Promise<void> {
  const pong = once(socket, "pong");
  socket.ping();
  await pong;
}

/** The least-squares line through points: how much `y` grows for each `x`, and the standard error of that. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const squares = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / squares;
  const residuals = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(residuals / Math.max(1, points.length - 2) / squares) };
}
