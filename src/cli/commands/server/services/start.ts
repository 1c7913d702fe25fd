import { once } from "node:events";
import { startInBackground } from "../../../background-server.ts";
import { command } from "../../../command.ts";
import type { Context } from "../../../context.ts";
import { CommandFailed } from "../../../exit.ts";
import { switchFlag } from "../../../flags.ts";
import { leanly } from "../../../lean-start.ts";
import { openLogger } from "../../../logger.ts";
import { claimPidFile, findPid, isRunning, removePidFile, servicesPidFile, writePidFile } from "../../../pid-file.ts";

const STARTED = "The services are running.";

export const start = command({
  summary: "Run the enabled services in a process of their own.",
  flags: { background: switchFlag("-b, --background", "Run them in the background.") },
  async run(context, { flags }) {
    if (flags.background) return startBehind(context);
    await runServices(context);
  },
});

async function startBehind({ out, settings }: Context): Promise<void> {
  const pidFile = servicesPidFile(settings.home);
  const pid = findPid(pidFile);
  if (pid !== undefined && !(pid > 0 && isRunning(pid))) removePidFile(pidFile);
  if (!claimPidFile(pidFile)) {
    throw CommandFailed("Services are already running in the background. Stop them with: prefect server services stop");
  }
  try {
    const isReady = (output: string) => output.includes(STARTED);
    writePidFile(pidFile, await startInBackground({ name: "services", home: settings.home, isReady }));
  } catch (error) {
    removePidFile(pidFile);
    throw error;
  }
  out.line("The services are running in the background. Run 'prefect server services stop' to stop them.");
}

async function runServices({ out, settings, inputs, interruption }: Context): Promise<void> {
  const stopping = interruption();
  const log = await openLogger("prefect.server", settings.server.logging_level);
  await using services = await leanly(async () => {
    const { startServerServices } = await import("../../../../server/main.ts");
    return startServerServices({ settings, log, cwd: inputs.cwd });
  });
  out.line(STARTED);
  if (!stopping.aborted) await once(stopping, "abort");
  await services.stop();
  out.line("Services stopped!");
}
