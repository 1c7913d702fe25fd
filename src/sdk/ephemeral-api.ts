import { enableCompileCache } from "node:module";
import { silentLogger } from "../kit/logger.ts";
import { ownModule } from "../kit/own-files.ts";
import type { Settings } from "../settings/index.ts";
import { NoServer } from "./errors.ts";

/** A server in this process, gone when disposed. */
export interface EphemeralApi extends AsyncDisposable {
  readonly apiUrl: string;
}

interface ServerModule {
  startServer(options: object): Promise<EphemeralApi>;
}

/** Starts our server on the default database and a free local port. Throws NO_SERVER. */
export async function startEphemeralApi(settings: Settings): Promise<EphemeralApi> {
  try {
    const { startServer } = await loadServer();
    return await startServer({ settings, log: silentLogger, host: "127.0.0.1", port: 0 });
  } catch (error) {
    throw NoServer(error);
  }
}

// The SDK and the server meet on the wire only, so the server is found at run time.
function loadServer(): Promise<ServerModule> {
  // The server is hundreds of files: what is compiled once need not be again.
  enableCompileCache();
  return import(ownModule("server/main").href);
}
