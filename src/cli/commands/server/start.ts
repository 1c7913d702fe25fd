import { once } from "node:events";
import { apiMount, resolveSettings, type Settings } from "../../../settings/index.ts";
import { isHealthy, startInBackground } from "../../background-server.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { CommandFailed } from "../../exit.ts";
import { integerFlag, onOffFlag, switchFlag, textFlag } from "../../flags.ts";
import { leanly } from "../../lean-start.ts";
import { openLogger } from "../../logger.ts";
import type { Output } from "../../output.ts";
import { claimPidFile, findPid, removePidFile, serverPidFile, writePidFile } from "../../pid-file.ts";
import { pointProfileAt } from "../../point-profile-at.ts";
import { findPortProblem, serverUrl } from "../../port.ts";

const flags = {
  host: textFlag("--host <host>", "Address to listen on. [PREFECT_SERVER_API_HOST]"),
  port: integerFlag("--port <port>", "Port to listen on. [PREFECT_SERVER_API_PORT]", undefined),
  keepAliveTimeout: integerFlag(
    "--keep-alive-timeout <seconds>",
    "Seconds an idle connection stays open. [PREFECT_SERVER_API_KEEPALIVE_TIMEOUT]",
    undefined,
  ),
  logLevel: textFlag("--log-level <level>", "Log level of the server. [PREFECT_SERVER_LOGGING_LEVEL]"),
  scheduler: onOffFlag("--scheduler", "Create the runs of schedules. [PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED]"),
  analytics: onOffFlag("--analytics-on", "Usage statistics. [PREFECT_SERVER_ANALYTICS_ENABLED]", "--analytics-off"),
  lateRuns: onOffFlag("--late-runs", "Mark late runs. [PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED]"),
  ui: onOffFlag("--ui", "Serve the pages. [PREFECT_SERVER_UI_ENABLED]"),
  noServices: switchFlag("--no-services", "Serve the API and the pages only."),
  background: switchFlag("-b, --background", "Start it in the background."),
  workers: integerFlag("--workers <count>", "Processes that serve the API; one serves all.", 1),
};

export const start = command({
  summary: "Start a server.",
  flags,
  async run(context, { flags: given }) {
    if (given.workers !== 1) {
      throw CommandFailed("One process serves the API. To use more, start several servers on one PostgreSQL database.");
    }
    const overrides = overridesFrom(given);
    const { settings } = resolveSettings({ ...context.inputs, overrides });
    await refuseBadAddress(settings);
    if (context.isInteractive) {
      await pointProfileAt(context, apiUrlOf(settings)).catch((error: Error) => context.out.warn(error.message));
    }
    if (given.background) return startBehind(context, settings);
    await serve(context, settings, !given.noServices);
  },
});

interface Given {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly keepAliveTimeout: number | undefined;
  readonly logLevel: string | undefined;
  readonly scheduler: boolean | undefined;
  readonly analytics: boolean | undefined;
  readonly lateRuns: boolean | undefined;
  readonly ui: boolean | undefined;
  readonly noServices: boolean;
}

/** The flags as the environment variables they stand for. */
function overridesFrom(given: Given): Readonly<Record<string, string | undefined>> {
  const values = {
    API_HOST: given.host,
    API_PORT: given.port,
    API_KEEPALIVE_TIMEOUT: given.keepAliveTimeout,
    LOGGING_LEVEL: given.logLevel,
    SERVICES_SCHEDULER_ENABLED: given.scheduler,
    SERVICES_LATE_RUNS_ENABLED: given.lateRuns,
    ANALYTICS_ENABLED: given.noServices ? false : given.analytics,
    UI_ENABLED: given.ui,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`PREFECT_SERVER_${name}`, value?.toString()]),
  );
}

async function refuseBadAddress({ home, server: { api } }: Settings): Promise<void> {
  switch (await findPortProblem(api.host, api.port)) {
    case undefined:
      return;
    case "unknown-host":
      throw CommandFailed(`Invalid host '${api.host}': use a name or address of this machine.`);
    case "busy": {
      const isOurs = findPid(serverPidFile(home)) !== undefined;
      throw CommandFailed(
        isOurs
          ? `A background server is already running on port ${api.port}. Stop it with 'prefect server stop', or use another port with --port.`
          : `Port ${api.port} is already in use. Use another one with --port.`,
      );
    }
  }
}

async function startBehind({ out }: Context, settings: Settings): Promise<void> {
  const pidFile = serverPidFile(settings.home);
  if (!claimPidFile(pidFile)) {
    throw CommandFailed("A server is already running in the background. Stop it with: prefect server stop");
  }
  try {
    writePidFile(
      pidFile,
      await startInBackground({ name: "server", home: settings.home, isReady: () => isHealthy(apiUrlOf(settings)) }),
    );
  } catch (error) {
    removePidFile(pidFile);
    throw error;
  }
  printBanner(out, settings);
  out.line("The Prefect server is running in the background. Run 'prefect server stop' to stop it.");
}

async function serve(context: Context, settings: Settings, services: boolean): Promise<void> {
  const stopping = context.interruption();
  const log = await openLogger("prefect.server", settings.server.logging_level);
  await using server = await leanly(async () => {
    const { startServer } = await import("../../../server/main.ts");
    return startServer({ settings, log, services, cwd: context.inputs.cwd });
  });
  printBanner(context.out, settings);
  if (!stopping.aborted) await once(stopping, "abort");
  await server.stop();
  context.out.line("Server stopped!");
}

function apiUrlOf(settings: Settings): string {
  const { host, port, tls_cert_file } = settings.server.api;
  return serverUrl(host, port, tls_cert_file) + apiMount(settings);
}

function printBanner(out: Output, settings: Settings): void {
  const { api } = settings.server;
  const url = serverUrl(api.host, api.port, api.tls_cert_file);
  out.line(`
Prefect server is ready at ${out.style(["bold", "cyan"], url)}

Point clients to it with:

    prefect config set PREFECT_API_URL=${apiUrlOf(settings)}

API reference:  ${url}/docs
`);
}
