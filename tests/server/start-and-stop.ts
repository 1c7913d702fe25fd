import { homedir } from "node:os";
import { silentLogger } from "../../src/kit/logger.ts";
import { startServer } from "../../src/server/main.ts";
import { loadSettings } from "../../src/settings/index.ts";

/** Starts a server with everything on, asks it something, stops it, and does nothing else. */
const settings = loadSettings({ env: process.env, cwd: process.cwd(), homeDir: homedir() });
const server = await startServer({ settings, log: silentLogger });
await fetch(`${server.apiUrl}/ready`);
await server.stop();
