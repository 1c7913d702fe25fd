import { catalogue, type Settings } from "./catalogue.ts";
import { isSetting, type SettingsGroup } from "./setting.ts";

/** Every setting as `GET /admin/settings` answers it: durations in ISO-8601, secrets as asterisks; those of ours left out. */
export function settingsTree(settings: Settings): Readonly<Record<string, unknown>> {
  return groupTree(catalogue, settings);
}

function groupTree(group: SettingsGroup, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(group).flatMap(([name, node]): [string, unknown][] => {
    const value = values[name];
    if (isSetting(node)) return node.isOurs ? [] : [[name, node.type.toJson(value)]];
    const tree = groupTree(node, value as Readonly<Record<string, unknown>>);
    return Object.keys(tree).length === 0 ? [] : [[name, tree]];
  });
  return Object.fromEntries(entries);
}
