import { homedir } from "node:os";
import { silentLogger } from "../../src/kit/logger.ts";
import { startServer } from "../../src/server/main.ts";
import { loadSettings } from "../../src/settings/index.ts";

/** Serves the database of the environment's settings on a free port, prints the API's address, stops at SIGTERM or with its parent. */
const failures = {
  ...silentLogger,
  error: (fields: object, message: string) => process.stderr.write(`${message} ${String(Object.values(fields)[0])}\n`),
};
const settings = loadSettings({ env: process.env, cwd: process.cwd(), homeDir: homedir() });
const server = await startServer({ settings, log: failures, host: "127.0.0.1", port: 0 });
process.once("SIGTERM", () => void server.stop());
process.stdin
  .on("end", () => void server.stop())
  .resume()
  .unref();
process.stdout.write(`${server.apiUrl}\n`);
