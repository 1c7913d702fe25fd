import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stopProcess, temporaryFolder } from "../support/disposable.ts";
import { cleanEnvironment } from "../support/python.ts";

/** A server in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly apiUrl: string;
  /** What it wrote to standard error so far: failures only. */
  errors(): string;
  /** `kill -9`: nothing is finished, nothing is closed. */
  kill(): Promise<void>;
}

/**
 * @param connectionUrl the database, in the form the reference's settings take
 * @param settings more of them, as environment variables
 */
export async function startServerProcess(
  connectionUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const home = await temporaryFolder("prefect-stress-");
  const env = cleanEnvironment({
    HOME: home.path,
    PREFECT_HOME: home.path,
    PREFECT_SERVER_DATABASE_CONNECTION_URL: connectionUrl,
    ...settings,
  });
  const script = join(import.meta.dirname, "serve.ts");
  const child = spawn(process.execPath, [script], { env, stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const exited = once(child, "exit").then(() => {
    throw new Error(`The server ended before it listened:\n${errors}`);
  });
  const [apiUrl] = (await Promise.race([once(createInterface(child.stdout), "line"), exited])) as [string];
  exited.catch(() => undefined);
  return {
    apiUrl,
    errors: () => errors,
    kill: () => stopProcess(child, "SIGKILL"),
    async [Symbol.asyncDispose]() {
      await stopProcess(child, "SIGTERM", 20_000);
      await home[Symbol.asyncDispose]();
    },
  };
}
