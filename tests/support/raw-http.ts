import { connect } from "node:net";

/** What came back for bytes sent as they are. */
export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  readonly text: string;
}

/** Sends bytes to a server and reads until it closes the connection or `isEnough` says so. */
export async function sendRaw(
  url: string,
  bytes: string | Buffer,
  isEnough: (text: string) => boolean = () => false,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  let text = "";
  socket.setEncoding("latin1").on("data", (data: string) => {
    text += data;
    if (isEnough(text)) socket.destroy();
  });
  socket.write(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}

/** One request whose target is sent exactly as given. */
export function rawRequest(target: string, { method = "GET", headers = "Host: here\r\n" } = {}): string {
  return `${method} ${target} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`;
}
