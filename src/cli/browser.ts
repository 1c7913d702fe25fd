import { spawn } from "node:child_process";
import { once } from "node:events";
import { CommandFailed } from "./exit.ts";

/** Opens `url` with the desktop's browser. Throws CommandFailed when there is none. */
export async function openInBrowser(url: string): Promise<void> {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  try {
    const child = spawn(opener, [url], { stdio: "ignore", detached: true });
    await once(child, "spawn");
    child.unref();
  } catch (error) {
    throw CommandFailed(`No browser can be opened here (${(error as Error).message}). The address is ${url}`);
  }
}
