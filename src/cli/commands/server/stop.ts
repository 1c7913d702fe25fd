import { setTimeout as delay } from "node:timers/promises";
import { command } from "../../command.ts";
import { findPid, isRunning, removePidFile, serverPidFile } from "../../pid-file.ts";

const STOPS_WITHIN_MS = 15_000;

export const stop = command({
  summary: "Stop the server that runs in the background.",
  async run({ out, settings }) {
    const file = serverPidFile(settings.home);
    const pid = findPid(file);
    if (pid === undefined) return out.success("No server running in the background.");
    removePidFile(file);
    if (pid === 0 || !isRunning(pid)) {
      return out.success("The server process is not running. Cleaning up stale PID file.");
    }
    process.kill(pid, "SIGTERM");
    const deadline = performance.now() + STOPS_WITHIN_MS;
    while (isRunning(pid) && performance.now() < deadline) await delay(20);
    if (isRunning(pid))
      return out.warn(`The server (process ${pid}) was told to stop and is still finishing its work.`);
    out.line("Server stopped!");
  },
});
