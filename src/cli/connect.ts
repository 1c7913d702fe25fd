import { readFileSync } from "node:fs";
import { type Client, createClient } from "../client/index.ts";
import type { Settings } from "../settings/index.ts";
import { CommandFailed } from "./exit.ts";
import { openLogger } from "./logger.ts";

/** A client, and the private server it talks to when there is one. */
export interface ApiConnection extends AsyncDisposable {
  readonly client: Client;
}

/** Connects to the configured API, else to a private server in this process where those are allowed. Throws CommandFailed. */
export async function connect(settings: Settings, cwd: string): Promise<ApiConnection> {
  if (settings.api.url || !settings.server.ephemeral.enabled) {
    const client = openClient(settings);
    return { client, [Symbol.asyncDispose]: async () => client[Symbol.dispose]() };
  }
  const { startServer } = await import("../server/main.ts");
  const log = await openLogger("prefect.server", "ERROR");
  const server = await startServer({ settings, log, cwd, host: "127.0.0.1", port: 0, services: false });
  const client = openClient({ ...settings, api: { ...settings.api, url: server.apiUrl } });
  return {
    client,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server.stop();
    },
  };
}

/** A client of the configured API. Throws CommandFailed when none is configured. */
export function openClient({ api, client }: Settings): Client {
  if (!api.url) {
    throw CommandFailed(
      "No API URL is configured. Set PREFECT_API_URL to the address of your server, for example with: prefect profile use local",
    );
  }
  return createClient({
    apiUrl: api.url,
    apiKey: api.key?.reveal(),
    authString: api.auth_string?.reveal(),
    customHeaders: client.custom_headers,
    requestTimeoutSeconds: api.request_timeout,
    maxRetries: client.max_retries,
    retryExtraCodes: client.retry_extra_codes,
    retryJitterFactor: client.retry_jitter_factor,
    insecureTls: api.tls_insecure_skip_verify,
    caCertificates: api.url.startsWith("https:") ? readCertificates(api.ssl_cert_file) : undefined,
  });
}

function readCertificates(path: string | null): string | undefined {
  if (path === null) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw CommandFailed(
      `The certificate file of PREFECT_API_SSL_CERT_FILE cannot be read: ${(error as Error).message}`,
    );
  }
}
