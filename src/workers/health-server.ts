import { once } from "node:events";
import { createServer } from "../kit/node-http.ts";

/** Serves `GET /health`: 200 while `isHealthy` says so, else 503. */
export async function startHealthServer(
  at: { readonly host: string; readonly port: number },
  isHealthy: () => boolean,
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((request, response) => {
    const isKnown = request.url?.split("?", 1)[0] === "/health";
    const [status, body] = !isKnown
      ? [404, { detail: "Not Found" }]
      : isHealthy()
        ? [200, { message: "OK" }]
        : [503, { message: "Worker may be unresponsive at this time" }];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(at.port, at.host);
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : at.port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
