import { API_VERSION, CLIENT_VERSION } from "../../client/links/headers.ts";
import { databaseConfig, isConnectedToCloud, type Settings } from "../../settings/index.ts";
import { command } from "../command.ts";
import { switchFlag } from "../flags.ts";

export const version = command({
  summary: "Show the version of Prefect and of what it runs on.",
  flags: { omitIntegrations: switchFlag("--omit-integrations", "Leave out installed integrations.") },
  run({ out, settings, resolved, inputs }) {
    const { kind } = databaseConfig(settings, inputs.cwd);
    const lines = [
      ["Version", CLIENT_VERSION],
      ["API version", API_VERSION],
      ["Node version", process.versions.node],
      ["OS/Arch", `${process.platform}/${process.arch}`],
      ["Profile", resolved.profile.name],
      ["Server type", serverType(settings)],
      ["Server", ""],
      ["  Database", kind === "postgres" ? "postgresql" : "sqlite"],
      ...(kind === "sqlite" ? [["  SQLite version", process.versions.sqlite ?? "unknown"]] : []),
    ];
    for (const [label, value] of lines) out.line(`${`${label}:`.padEnd(21)} ${value}`.trimEnd());
  },
});

function serverType(settings: Settings): string {
  if (!settings.api.url) return settings.server.ephemeral.enabled ? "ephemeral" : "unconfigured";
  return isConnectedToCloud(settings) ? "cloud" : "server";
}
