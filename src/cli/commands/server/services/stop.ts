import { command } from "../../../command.ts";
import { servicesPidFile } from "../../../pid-file.ts";
import { stopBackground } from "../../../stop-background.ts";

export const stop = command({
  summary: "Stop the services that run in the background.",
  run: ({ out, settings }) =>
    stopBackground(out, {
      pidFile: servicesPidFile(settings.home),
      none: "No services are running in the background.",
      stale: "The services are not running. Cleaning up stale PID file.",
      stopped: "Services stopped!",
    }),
});
