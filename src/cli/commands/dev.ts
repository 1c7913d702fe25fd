import { once } from "node:events";
import { resolveSettings } from "../../settings/index.ts";
import { command } from "../command.ts";
import { CommandFailed } from "../exit.ts";
import { anyArguments, integerFlag, onFlag, textFlag } from "../flags.ts";
import { openLogger } from "../logger.ts";
import { findPortProblem, serverUrl } from "../port.ts";
import { prepareUserCode, requireCode } from "../user-code/prepare.ts";

export const dev = command({
  summary: "Start a server and serve the flows of your files, loading them anew on save.",
  details: `Every flow a file exports becomes the deployment FLOW/dev. Its runs are carried out in this
process, and printed as they go. Ctrl-C stops everything.`,
  args: { files: anyArguments("Files that export flows.") },
  flags: {
    host: textFlag("--host <host>", "Address of the server. [PREFECT_SERVER_API_HOST]"),
    port: integerFlag("--port <port>", "Port of the server. [PREFECT_SERVER_API_PORT]", undefined),
    limit: integerFlag("--limit <count>", "Most runs at once.", undefined),
    runOnce: onFlag("--run-once", "Run each flow without required parameters once at the start."),
  },
  async run(context, { args: { files }, flags }) {
    const { out, inputs } = context;
    for (const file of files) requireCode(file, inputs.cwd);
    const overrides = { PREFECT_SERVER_API_HOST: flags.host, PREFECT_SERVER_API_PORT: flags.port?.toString() };
    const { settings } = resolveSettings({ ...inputs, overrides });
    const { host, port } = settings.server.api;
    if ((await findPortProblem(host, port)) !== undefined) {
      throw CommandFailed(
        `No server can listen on ${serverUrl(host, port)}, another program may have that port. ` +
          "Use another one with --port, or PREFECT_SERVER_API_PORT.",
      );
    }
    const signal = context.interruption();
    const { startServer } = await import("../../server/main.ts");
    const log = await openLogger("prefect.server", settings.server.logging_level);
    await using server = await startServer({ settings, log, cwd: inputs.cwd });
    out.line(`Prefect server is ready at ${out.style(["bold", "cyan"], server.url)} (Ctrl-C stops it)\n`);

    if (files.length > 0) {
      const listeners: ((url: URL) => void)[] = [];
      const onFile = (url: URL) => listeners.forEach((listener) => void listener(url));
      prepareUserCode(context, { onFile, apiUrl: server.apiUrl });
      const { runLoop } = await import("../dev/run-loop.ts");
      await runLoop({
        files,
        cwd: inputs.cwd,
        out,
        uiUrl: server.url,
        runsOnce: flags.runOnce,
        limit: flags.limit,
        signal,
        onFile: (listener) => listeners.push(listener),
      });
    } else if (!signal.aborted) await once(signal, "abort");
    await server.stop();
    out.line("Stopped.");
  },
});
