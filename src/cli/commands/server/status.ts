import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "../../../client/index.ts";
import { shownUrl } from "../../../kit/shown-url.ts";
import { command } from "../../command.ts";
import { openClient } from "../../connect.ts";
import { CommandFailed } from "../../exit.ts";
import { integerFlag, outputFlag, switchFlag } from "../../flags.ts";

const POLL_MS = 1000;

export const status = command({
  summary: "Tell whether the server answers.",
  flags: {
    wait: switchFlag("--wait", "Wait until it does."),
    timeout: integerFlag("-t, --timeout <seconds>", "How long to wait; 0 means for ever.", 0),
    output: outputFlag,
  },
  async run({ out, settings }, { flags }) {
    const isJson = flags.output === "json";
    const apiUrl = shownUrl(settings.api.url ?? "");
    if (!apiUrl) throw CommandFailed("No API URL configured. Set PREFECT_API_URL to the address of your server.");
    if (!isJson) out.line(`Connecting to server at ${apiUrl}...`);
    using client = await openClient({ ...settings, client: { ...settings.client, max_retries: 0 } });

    const { error, hasTimedOut } = await checkUntil(client, flags);

    if (error !== undefined) {
      const verdict = hasTimedOut ? { status: "timed_out", timeout: flags.timeout } : { status: "unavailable" };
      if (isJson) out.json({ ...verdict, api_url: apiUrl, error });
      const why = hasTimedOut ? `Timed out after ${flags.timeout} seconds waiting for` : "No answer from";
      throw CommandFailed(isJson ? "" : `${why} the server at ${apiUrl}. ${error}`);
    }
    const version = await client.admin.version().catch(() => undefined);
    if (isJson) return out.json({ status: "available", api_url: apiUrl, ...(version && { server_version: version }) });
    out.line(`Server is available.\n  API URL: ${apiUrl}`);
    if (version !== undefined) out.line(`  Server version: ${version}`);
  },
});

interface Check {
  /** Undefined when the server is healthy. */
  readonly error: string | undefined;
  readonly hasTimedOut: boolean;
}

async function checkUntil(client: Client, { wait, timeout }: { wait: boolean; timeout: number }): Promise<Check> {
  const deadline = wait && timeout > 0 ? performance.now() + timeout * 1000 : Number.POSITIVE_INFINITY;
  for (;;) {
    const error = await healthProblem(client);
    if (error === undefined || !wait) return { error, hasTimedOut: false };
    if (performance.now() >= deadline) return { error, hasTimedOut: true };
    await delay(Math.min(POLL_MS, deadline - performance.now()));
  }
}

async function healthProblem(client: Client): Promise<string | undefined> {
  try {
    const { status: code } = await client.http.raw("GET", "/health");
    return code < 400 ? undefined : `The health check answered ${code}.`;
  } catch (error) {
    return (error as Error).message;
  }
}
