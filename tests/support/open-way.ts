import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut: nothing is answered then. */
export async function openWay(apiUrl: string) {
  const target = Number(new URL(apiUrl).port);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => undefined).on("close", () => open.delete(socket));
    }
    near.pipe(far).pipe(near);
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const url = new URL(apiUrl);
  url.port = String(port);
  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    apiUrl: url.href,
    cut() {
      isCut = true;
      drop();
    },
    restore() {
      isCut = false;
    },
    [Symbol.dispose]() {
      drop();
      server.close();
    },
  };
}
