import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/**
 * How a supervisor tells the processes of its runs why it is about to end them. A process connects, says its token, and
 * is sent one letter; it answers when it has taken note, and only then gets its SIGTERM. Python's engine does so from
 * 3.6 on; one that does not takes the signal for a crash.
 */
export interface ControlChannel extends AsyncDisposable {
  /** A place for one process to connect to. */
  open(): ControlSession;
}

export interface ControlSession extends Disposable {
  /** What the process needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Says that the next SIGTERM means that the run is cancelled. False when the process has not taken note in time. */
  announceCancellation(): Promise<boolean>;
}

const CANCEL = "c";
const NOTED = "a";
/** A process on a busy machine is given time: one that does not know why it ends runs the wrong hooks. */
const ANSWER_MS = 5_000;

export async function openControlChannel(): Promise<ControlChannel> {
  const sessions = new Map<string, (socket: Socket) => void>();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      const [token = ""] = data.toString("latin1").split("\n", 1);
      const adopt = sessions.get(token);
      sessions.delete(token);
      if (adopt) adopt(socket);
      else socket.destroy();
    });
  });
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    open() {
      const token = randomBytes(16).toString("hex");
      let connected: Socket | undefined;
      sessions.set(token, (socket) => {
        connected = socket.unref();
      });
      return {
        env: { PREFECT__CONTROL_PORT: String(port), PREFECT__CONTROL_TOKEN: token },
        announceCancellation: async () => connected !== undefined && (await tell(connected, CANCEL)),
        [Symbol.dispose]() {
          sessions.delete(token);
          connected?.destroy();
        },
      };
    },
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

/** Sends a letter and waits for the answer. */
function tell(socket: Socket, letter: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ANSWER_MS);
  socket.on("data", (data) => {
    if (data.toString("latin1").includes(NOTED)) resolve(true);
  });
  socket.once("close", () => resolve(false));
  if (socket.destroyed) resolve(false);
  else socket.write(letter);
  return promise.finally(() => clearTimeout(timer));
}
