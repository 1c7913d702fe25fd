import { allSettings } from "./catalogue.ts";
import type { ResolvedSettings } from "./load.ts";

/** What was set, wherever that was, as environment variables for other processes; a server's settings are no concern of theirs. */
export function settingsEnvironment({ origins }: ResolvedSettings): Readonly<Record<string, string>> {
  const passedOn = allSettings.filter(({ path }) => origins.has(path) && !path.startsWith("server."));
  return Object.fromEntries(passedOn.map(({ path, name }) => [name, textOf(origins.get(path)?.raw)]));
}

function textOf(raw: unknown): string {
  return typeof raw === "object" ? JSON.stringify(raw) : String(raw);
}
