import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ownModule } from "../../kit/own-files.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";
import { resolveOwnPackage, type UserCodeOptions } from "./resolve-own-package.ts";

/**
 * Readies this process, and the ones it starts, for users' flows: they find this package, and the SDK sees the profile
 * that was named on the command line. `apiUrl` is the API they use, when it is not the configured one.
 */
export function prepareUserCode(context: Context, options: UserCodeOptions & { readonly apiUrl?: string } = {}): void {
  const { profile } = context.inputs;
  if (profile !== undefined) process.env.PREFECT_PROFILE = profile.name;
  if (profile?.isAbove === true) {
    for (const [name, value] of Object.entries(context.resolved.profile.values)) process.env[name] = String(value);
  }
  if (options.apiUrl !== undefined) process.env.PREFECT_API_URL = options.apiUrl;
  resolveOwnPackage(options);
  process.execArgv.push("--import", ownModule("cli/user-code/preload").href);
}

/** Refuses what cannot be run here: Python, and files that are not there. Throws CommandFailed. */
export function requireCode(entrypoint: string, cwd: string): void {
  const file = entrypoint.replace(/:[^:/]*$/, "");
  if (file.endsWith(".py")) {
    throw CommandFailed(
      `${file} is Python: run it with the Python command line. This one runs TypeScript and JavaScript.`,
    );
  }
  if (!existsSync(resolve(cwd, file))) throw CommandFailed(`File not found: ${file}`);
}
