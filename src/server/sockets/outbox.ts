import type { WebSocket } from "ws";

/** What a peer has not read yet, beyond which it is sent nothing more. */
const FULL_ABOVE_BYTES = 1024 * 1024;

/** The way to a peer that may read slowly. Never holds much more than a megabyte for it. */
export interface Outbox {
  readonly isClosed: boolean;
  /** Whoever sends all the same lets memory grow. */
  readonly isFull: boolean;
  /** Sends an object as JSON; nothing once the socket is closed. */
  send(frame: object): void;
  /** Sends a text that is written already, in UTF-8. */
  sendText(text: Buffer): void;
  /** Resolves when there is room, or the socket is closed. */
  drained(): Promise<void>;
}

export function createOutbox(socket: WebSocket, fullAbove = FULL_ABOVE_BYTES): Outbox {
  let waiting: (() => void)[] = [];
  const isFull = () => socket.readyState === socket.OPEN && socket.bufferedAmount > fullAbove;
  const wake = () => {
    if (waiting.length === 0 || isFull()) return;
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  const sendText = (text: string | Buffer) => {
    if (socket.readyState === socket.OPEN) socket.send(text, { binary: false }, wake);
  };
  socket.once("close", wake);
  return {
    get isClosed() {
      return socket.readyState !== socket.OPEN;
    },
    get isFull() {
      return isFull();
    },
    send: (frame) => sendText(JSON.stringify(frame)),
    sendText,
    async drained() {
      if (isFull()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
