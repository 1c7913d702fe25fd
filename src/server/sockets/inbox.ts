import type { RawData, WebSocket } from "ws";

/** Messages at which a peer that does not wait for answers is made to wait. */
const MAX_UNREAD = 100;

/** The messages of a socket, to be read one after the other. */
export interface Inbox {
  /** The connection is gone and everything has been read. */
  readonly isClosed: boolean;
  /** Resolves with the next message as text, or with undefined when there will be none or the signal says stop. */
  next(signal?: AbortSignal): Promise<string | undefined>;
}

/** Collects from the moment it is made. One reader at a time. */
export function createInbox(socket: WebSocket): Inbox {
  const unread: string[] = [];
  let isGone = false;
  let wake: () => void = () => undefined;
  socket.on("message", (data: RawData) => {
    unread.push(String(data));
    if (unread.length >= MAX_UNREAD) socket.pause();
    wake();
  });
  socket.once("close", () => {
    isGone = true;
    wake();
  });
  return {
    get isClosed() {
      return isGone && unread.length === 0;
    },
    async next(signal) {
      if (unread.length === 0 && !isGone && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal?.addEventListener("abort", () => resolve(), { once: true });
        });
      }
      if (signal?.aborted) return undefined;
      const message = unread.shift();
      if (socket.isPaused && unread.length < MAX_UNREAD) socket.resume();
      return message;
    },
  };
}
