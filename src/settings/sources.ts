import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { parse } from "smol-toml";
import { allSettings, findSettingByPath, type NamedSetting } from "./catalogue.ts";
import { SettingsFileInvalid } from "./errors.ts";
import type { ProfileValues } from "./profiles.ts";

/** Where values come from, in the words of `config view`. */
export type SourceKind = "env" | ".env file" | "prefect.toml" | "pyproject.toml" | "profile" | "defaults";

/** One place values come from: the raw value of each setting it holds, by dotted path. */
export interface Source {
  readonly kind: Exclude<SourceKind, "defaults">;
  readonly values: ReadonlyMap<string, unknown>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Environment variables; case does not matter, and the present name of a setting wins over its older ones. */
export function environmentSource(env: Environment, kind: ".env file" | "env" = "env"): Source {
  const byName = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    const isExact = upper === name || !byName.has(upper);
    if (value !== undefined && upper.startsWith("PREFECT_") && isExact) byName.set(upper, value);
  }
  return { kind, values: byName.size === 0 ? new Map() : valuesByName((name) => byName.get(name)) };
}

/** A profile. */
export function profileSource(profile: ProfileValues): Source {
  return { kind: "profile", values: valuesByName((name) => profile[name] ?? undefined) };
}

function valuesByName(find: (name: string) => unknown): Map<string, unknown> {
  const rawValue = ({ name, setting }: NamedSetting) =>
    [name, ...setting.aliases].map(find).find((value) => value !== undefined);
  const found = allSettings.map((named) => [named.path, rawValue(named)] as const);
  return new Map(found.filter(([, value]) => value !== undefined));
}

/** The `.env` file of `directory`. */
export function loadDotEnv(directory: string): Environment {
  const text = readIfThere(join(directory, ".env"));
  return text === undefined ? {} : (parseEnv(text) as Environment);
}

/** `prefect.toml` of `directory`: its keys are the dotted paths. Throws SettingsFileInvalid. */
export function loadPrefectToml(directory: string): Source {
  return { kind: "prefect.toml", values: valuesByPath(loadToml(join(directory, "prefect.toml"))) };
}

/** `[tool.prefect]` of `pyproject.toml` in `directory`. Throws SettingsFileInvalid. */
export function loadPyprojectToml(directory: string): Source {
  const tool = loadToml(join(directory, "pyproject.toml"))?.tool;
  const table = (tool as Readonly<Record<string, unknown>> | undefined)?.prefect;
  return { kind: "pyproject.toml", values: valuesByPath(table) };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "EACCES") return undefined;
    throw error;
  }
}

function loadToml(path: string): Readonly<Record<string, unknown>> | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    throw SettingsFileInvalid(path, error as Error);
  }
}

function valuesByPath(table: unknown, prefix = ""): Map<string, unknown> {
  if (typeof table !== "object" || table === null) return new Map();
  const entries = Object.entries(table).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    const path = `${prefix}${key}`;
    const named = findSettingByPath(path);
    const isNested = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isNested && named?.setting.type.isTable !== true) return [...valuesByPath(value, `${path}.`)];
    return named === undefined ? [] : [[path, value]];
  });
  return new Map(entries);
}
