import { WebSocket } from "ws";
import type { Event } from "../../schemas/event.ts";
import { authenticate, newSocket, type SocketOptions } from "./authenticated-socket.ts";

/** One authenticated socket to `/events/in`. */
export interface EventConnection {
  send(events: readonly Event[]): void;
  /** Resolves when the server has read everything sent before; rejects when the socket closes first. */
  checkpoint(): Promise<void>;
  /** Resolves when the socket has closed, for whatever reason. */
  readonly closed: Promise<void>;
  close(): void;
}

/** A server that reads arrays of events in one frame says so in its answer to the upgrade. */
const EVENT_ARRAYS_HEADER = "prefect-event-arrays";

// A few kilobytes each: far below any limit on frames, far above the cost of a frame.
const MAX_EVENTS_PER_FRAME = 100;

/** Rejects when the server cannot be reached, refuses the token, or does not answer in time. */
export async function openEventConnection(options: SocketOptions): Promise<EventConnection> {
  const socket = newSocket("/events/in", options);
  let takesArrays = false;
  socket.once("upgrade", (response) => {
    takesArrays = response.headers[EVENT_ARRAYS_HEADER] === "1";
  });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await authenticate(socket, options);
  return {
    send: (events) => sendFrames(socket, events, takesArrays),
    checkpoint: () => checkpoint(socket, closed),
    closed,
    close: () => socket.close(),
  };
}

function sendFrames(socket: WebSocket, events: readonly Event[], takesArrays: boolean): void {
  if (!takesArrays) {
    for (const event of events) socket.send(JSON.stringify(event));
    return;
  }
  for (let from = 0; from < events.length; from += MAX_EVENTS_PER_FRAME) {
    const batch = events.slice(from, from + MAX_EVENTS_PER_FRAME);
    socket.send(JSON.stringify(batch.length === 1 ? batch[0] : batch));
  }
}

// A server answers a ping in its place among the messages, so the pong vouches for all that was sent before.
async function checkpoint(socket: WebSocket, closed: Promise<void>): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) throw new Error("the event stream is closed");
  const marker = Math.random().toString(36).slice(2);
  const answered = new Promise<boolean>((resolve) => {
    const onPong = (data: Buffer) => {
      if (data.toString() !== marker) return;
      socket.off("pong", onPong);
      resolve(true);
    };
    socket.on("pong", onPong);
  });
  socket.ping(marker);
  const isConfirmed = await Promise.race([answered, closed.then(() => false)]);
  if (!isConfirmed) throw new Error("the event stream closed before it confirmed");
}
