import { command } from "../../command.ts";
import { serverPidFile } from "../../pid-file.ts";
import { stopBackground } from "../../stop-background.ts";

export const stop = command({
  summary: "Stop the server that runs in the background.",
  run: ({ out, settings }) =>
    stopBackground(out, {
      pidFile: serverPidFile(settings.home),
      none: "No server running in the background.",
      stale: "The server process is not running. Cleaning up stale PID file.",
      stopped: "Server stopped!",
    }),
});
