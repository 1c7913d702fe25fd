import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { cwd, env } from "node:process";
import type { ClientOptions } from "../../client/client.ts";
import { loadSettings, type Settings } from "../../settings/index.ts";

/** The settings as this process finds them now; the environment may change between two runs. */
export function currentSettings(): Settings {
  return loadSettings({ env, cwd: cwd(), homeDir: homedir() });
}

/** What a client of `apiUrl` needs from the settings. */
export function clientOptions(settings: Settings, apiUrl: string): ClientOptions {
  const { api, client } = settings;
  return {
    apiUrl,
    apiKey: api.key?.reveal(),
    authString: api.auth_string?.reveal(),
    customHeaders: client.custom_headers,
    requestTimeoutSeconds: api.request_timeout,
    maxRetries: client.max_retries,
    retryExtraCodes: client.retry_extra_codes,
    retryJitterFactor: client.retry_jitter_factor,
    insecureTls: api.tls_insecure_skip_verify,
    caCertificates: apiUrl.startsWith("https:") ? readCertificates(api.ssl_cert_file) : undefined,
  };
}

function readCertificates(path: string | null): string | undefined {
  return path === null ? undefined : readFileSync(path, "utf8");
}
