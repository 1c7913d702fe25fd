import { allSettings, type NamedSetting, Secret, type SourceKind } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { onFlag, outputFlag, switchFlag } from "../../flags.ts";

const MASK = "********";

interface Row {
  readonly name: string;
  readonly value: string;
  readonly source: SourceKind;
}

export const view = command({
  summary: "Show the settings in use and where they come from.",
  flags: {
    showDefaults: onOff("defaults", "Show settings that are not set, too."),
    showSources: onFlag("--show-sources", "Show where values come from.", "--hide-sources"),
    showSecrets: onOff("secrets", "Show secrets as they are."),
    output: outputFlag,
  },
  run({ out, resolved, settings }, { flags }) {
    const rows = listRows(resolved, flags).map(({ source, ...row }) => (flags.showSources ? { ...row, source } : row));
    if (flags.output === "json") {
      const link = settings.ui_url ? { ui_url: settings.ui_url } : {};
      return out.json({ profile: resolved.profile.name, settings: rows, ...link });
    }
    if (settings.ui_url) out.line(`🚀 you are connected to:\n${out.style("green", settings.ui_url)}`);
    out.line(out.style(["bold", "blue"], `PREFECT_PROFILE='${resolved.profile.name}'`));
    for (const row of rows) out.line(`${row.name}='${row.value}'${"source" in row ? ` (from ${row.source})` : ""}`);
  },
});

function onOff(what: string, doc: string) {
  return { ...switchFlag(`--show-${what}`, doc), offSyntax: `--hide-${what}` };
}

function listRows(
  resolved: Context["resolved"],
  show: { showDefaults: boolean; showSecrets: boolean },
): readonly Row[] {
  const rows = allSettings.flatMap((named): readonly Row[] => {
    const { name, setting, path } = named;
    const isHidden = setting.type.isSecret && !show.showSecrets;
    const origin = resolved.origins.get(path);
    if (origin !== undefined) return [{ name, value: isHidden ? MASK : rawText(origin.raw), source: origin.kind }];
    // The reference leaves out defaults that are tables themselves.
    if (!show.showDefaults || setting.type.isTable) return [];
    return [{ name, value: isHidden ? MASK : defaultText(named, resolved.settings), source: "defaults" }];
  });
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A value from a file in the words of the reference. */
function rawText(raw: unknown): string {
  if (typeof raw === "boolean") return raw ? "True" : "False";
  return typeof raw === "object" && raw !== null ? JSON.stringify(raw) : String(raw);
}

function defaultText({ path, setting }: NamedSetting, settings: object): string {
  const value = path.split(".").reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], settings);
  return value instanceof Secret ? value.reveal() : setting.type.toText(value);
}
