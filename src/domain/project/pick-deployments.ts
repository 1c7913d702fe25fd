import type { DeploymentConfig } from "./project-file.ts";

export interface PickOptions {
  /** As given with `--name`: `deployment` or `flow/deployment`, with `*` for any text. */
  readonly names: readonly string[];
  readonly isAll: boolean;
  readonly isInteractive: boolean;
}

export type Pick =
  | { readonly kind: "picked"; readonly configs: readonly DeploymentConfig[]; readonly missing: readonly string[] }
  /** Nothing says which of several is meant. */
  | { readonly kind: "unclear" };

/** Which entries of prefect.yaml to deploy. Without a fitting one a new, empty entry stands for what the options say. */
export function pickDeployments(configs: readonly DeploymentConfig[], options: PickOptions): Pick {
  const { names, isAll, isInteractive } = options;
  const all: Pick = { kind: "picked", configs, missing: [] };
  if (configs.length === 0) return { ...all, configs: [{}] };
  if (!isInteractive && configs.length === 1 && names.length <= 1) return all;
  if (isAll) return all;
  if (names.length === 0) return { kind: "unclear" };
  const matches = names.map((name) => configs.filter((config) => matchesName(config, name)));
  return {
    kind: "picked",
    configs: [...new Set(matches.flat())],
    missing: names.filter((_, index) => matches[index]?.length === 0),
  };
}

/** The names that `--name` means: those that fit a pattern, others as they are. */
export function expandNames(configs: readonly DeploymentConfig[], names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    if (!name.includes("*")) return [name];
    return configs.flatMap((config) => (config.name && matchesName(config, name) ? [config.name] : []));
  });
}

function matchesName({ name, entrypoint }: DeploymentConfig, asked: string): boolean {
  if (!name) return false;
  const slash = asked.indexOf("/");
  if (slash === -1) return fits(asked, name);
  const flow = entrypoint?.split(":").at(-1) ?? "";
  return fits(dashed(asked.slice(0, slash)), dashed(flow)) && fits(asked.slice(slash + 1), name);
}

function dashed(name: string): string {
  return name.replaceAll("_", "-");
}

function fits(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "s").test(text);
}
