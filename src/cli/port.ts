import { once } from "node:events";
import { createServer } from "node:net";

export type PortProblem = "busy" | "unknown-host";

/** Why a server cannot listen there, or undefined when it can. */
export async function findPortProblem(host: string, port: number): Promise<PortProblem | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EADDRNOTAVAIL" ? "unknown-host" : "busy";
  }
}

/** `http://host:port`, with brackets around an IPv6 address; `https` where the server has a certificate. */
export function serverUrl(host: string, port: number, tlsCertFile: string | null = null): string {
  return `${tlsCertFile === null ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
