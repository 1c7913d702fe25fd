import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import type { Client } from "../client/index.ts";
import { resolveSettings, type Settings, type SettingsInputs } from "../settings/index.ts";
import type { Context } from "./context.ts";
import { CommandFailed } from "./exit.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { createOutput } from "./output.ts";

/** Loads the settings and gives a command what it needs; disposing closes what was opened. */
export async function openContext(session: Omit<GlobalFlags, "rest">): Promise<Context & AsyncDisposable> {
  const inputs: SettingsInputs = { env: process.env, cwd: process.cwd(), homeDir: homedir(), profile: session.profile };
  const resolved = resolveSettings(inputs);
  const { settings } = resolved;
  const out = createOutput({ stdout: process.stdout, stderr: process.stderr, hasColors: settings.cli.colors });
  for (const warning of resolved.warnings) out.warn(warning);
  createHome(settings.home, out.warn);
  const interruption = handleSignals();
  let client: Client | undefined;
  return {
    out,
    settings,
    resolved,
    inputs,
    isInteractive: session.prompt ?? settings.cli.prompt ?? process.stdout.isTTY === true,
    interruption,
    confirm: askUntilAnswered,
    async client() {
      client ??= await openClient(settings);
      return client;
    },
    async [Symbol.asyncDispose]() {
      client?.[Symbol.dispose]();
    },
  };
}

function createHome(home: string, warn: (text: string) => void): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    warn(`The home directory ${home} cannot be created: ${(error as Error).message}`);
  }
}

/** Until a command asks for the interruption, the first Ctrl-C ends the process with exit code 1. */
function handleSignals(): () => AbortSignal {
  const controller = new AbortController();
  let isAwaited = false;
  const onSignal = () => {
    if (!isAwaited || controller.signal.aborted) process.exit(1);
    controller.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  return () => {
    isAwaited = true;
    return controller.signal;
  };
}

async function askUntilAnswered(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new AbortController();
  terminal.on("SIGINT", () => process.exit(1));
  terminal.on("close", () => closed.abort());
  try {
    for (;;) {
      const answer = (await terminal.question(`${question} [y/n]: `, { signal: closed.signal })).trim().toLowerCase();
      if (answer === "y" || answer === "n") return answer === "y";
      process.stdout.write("Please enter Y or N\n");
    }
  } catch (error) {
    if (closed.signal.aborted) throw CommandFailed("The question was not answered.");
    throw error;
  } finally {
    terminal.close();
  }
}

/** Throws CommandFailed when no API is configured. */
export async function openClient(settings: Settings): Promise<Client> {
  const { api, client } = settings;
  if (!api.url) {
    throw CommandFailed(
      "No API URL is configured. Set PREFECT_API_URL to the address of your server, for example with 'prefect profile use local'.",
    );
  }
  const { createClient } = await import("../client/index.ts");
  const { readFileSync } = await import("node:fs");
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
    caCertificates: api.ssl_cert_file === null ? undefined : readFileSync(api.ssl_cert_file, "utf8"),
  });
}
