import { catalogue, type Settings } from "./catalogue.ts";
import { isSetting, type SettingsGroup } from "./setting.ts";

/** Every setting as `GET /admin/settings` answers it: durations in ISO-8601, secrets as asterisks; those of ours left out. */
export function settingsTree(settings: Settings): Readonly<Record<string, unknown>> {
  return groupTree(catalogue, settings);
}

function groupTree(group: SettingsGroup, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown = Object.entries(group).filter(([, node]) => !isSetting(node) || !node.isOurs);
  const entries = shown.map(([name, node]) => {
    const value = values[name];
    const tree = isSetting(node)
      ? node.type.toJson(value)
      : groupTree(node, value as Readonly<Record<string, unknown>>);
    return [name, tree] as const;
  });
  return Object.fromEntries(entries);
}
