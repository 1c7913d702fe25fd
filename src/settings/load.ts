import { join } from "node:path";
import { catalogue, findSettingByPath, type Settings } from "./catalogue.ts";
import { deriveSettings, settingsWarnings } from "./derive.ts";
import { ProfileNotFound, type SettingProblem, SettingsInvalid } from "./errors.ts";
import { expandPath } from "./expand-path.ts";
import { BUILT_IN_PROFILES, mergeProfiles, NO_PROFILES, type Profiles, type ProfileValues } from "./profiles.ts";
import { loadProfilesFile } from "./profiles-file.ts";
import { Secret } from "./secret.ts";
import { isSetting, type SettingsGroup } from "./setting.ts";
import {
  type Environment,
  environmentSource,
  loadDotEnv,
  loadPrefectToml,
  loadPyprojectToml,
  profileSource,
  type Source,
  type SourceKind,
} from "./sources.ts";

/** Everything settings depend on, besides the files named by it. */
export interface SettingsInputs {
  readonly env: Environment;
  /** Directory of `.env`, `prefect.toml` and `pyproject.toml`. */
  readonly cwd: string;
  /** The user's home directory, which `~` stands for. */
  readonly homeDir: string;
  /** A profile named on the command line; it must exist. Its values lie above everything else when `isAbove` is true. */
  readonly profile?: { readonly name: string; readonly isAbove: boolean } | undefined;
  /** Values from the flags of a command, by environment variable: they win over everything. */
  readonly overrides?: Environment;
}

/** Settings and how they came about. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly profile: { readonly name: string; readonly values: ProfileValues };
  /** Built-in and own profiles together. */
  readonly profiles: Profiles;
  /** Raw value and source of every setting that is set somewhere, by dotted path. */
  readonly origins: ReadonlyMap<string, { readonly kind: SourceKind; readonly raw: unknown }>;
  /** Sentences for the user: unknown profile, broken profiles file, odd API URL. */
  readonly warnings: readonly string[];
}

/** Loads all settings: environment, `.env`, prefect.toml, pyproject.toml, profile, defaults. Throws SettingsInvalid, SettingsFileInvalid, ProfileNotFound. */
export function loadSettings(inputs: SettingsInputs): Settings {
  return resolveSettings(inputs).settings;
}

/** As `loadSettings`, with sources, profiles and warnings. */
export function resolveSettings(inputs: SettingsInputs): ResolvedSettings {
  const dotEnv = loadDotEnv(inputs.cwd);
  const files = [loadPrefectToml(inputs.cwd), loadPyprojectToml(inputs.cwd)];
  const profilesPath = findProfilesPath(inputs, dotEnv, files);
  const own = loadOwnProfiles(profilesPath);
  const profiles = mergeProfiles(BUILT_IN_PROFILES, own.profiles);
  const profile = chooseProfile(inputs, profiles);
  const environment = [environmentSource(inputs.env), environmentSource(dotEnv, ".env file"), ...files];
  const values = profileSource(isTestMode(inputs.env) ? {} : profile.values);
  const overrides = environmentSource(inputs.overrides ?? {});
  const isAbove = inputs.profile?.isAbove === true;
  const sources = [overrides, ...(isAbove ? [values, ...environment] : [...environment, values])];
  const origins = originsOf(sources);
  const surroundings = { homeDir: inputs.homeDir, profilesPath, sslCertFile: inputs.env.SSL_CERT_FILE };
  const encryptionKey = inputs.env.PREFECT_SERVER_ENCRYPTION_KEY || inputs.env.ORION_ENCRYPTION_KEY;
  const settings = {
    ...deriveSettings(readValues(origins, profile.name), surroundings),
    ...(encryptionKey ? { encryptionKey: new Secret(encryptionKey) } : {}),
  };
  const warnings = [...own.warnings, ...profile.warnings, ...settingsWarnings(settings)];
  return { settings, profile: { name: profile.name, values: profile.values }, profiles, origins, warnings };
}

function isTestMode(env: Environment): boolean {
  const names = [
    "PREFECT_TEST_MODE",
    "PREFECT_UNIT_TEST_MODE",
    "PREFECT_TESTING_UNIT_TEST_MODE",
    "PREFECT_TESTING_TEST_MODE",
  ];
  return names.some((name) => (env[name] ?? "") !== "");
}

function findProfilesPath(inputs: SettingsInputs, dotEnv: Environment, files: readonly Source[]): string {
  const home = inputs.env.PREFECT_HOME || join(inputs.homeDir, ".prefect");
  const given = [
    inputs.env.PREFECT_PROFILES_PATH,
    dotEnv.PREFECT_PROFILES_PATH,
    ...files.map((file) => file.values.get("profiles_path")),
  ].find((value): value is string => typeof value === "string" && value !== "");
  return expandPath(given ?? "$PREFECT_HOME/profiles.toml", {
    home: expandPath(home, inputs),
    homeDir: inputs.homeDir,
  });
}

function loadOwnProfiles(path: string): { readonly profiles: Profiles; readonly warnings: readonly string[] } {
  try {
    return { profiles: loadProfilesFile(path), warnings: [] };
  } catch (error) {
    return { profiles: NO_PROFILES, warnings: [`${(error as Error).message} Its profiles are ignored.`] };
  }
}

function chooseProfile(inputs: SettingsInputs, profiles: Profiles) {
  if (inputs.profile !== undefined && !profiles.byName.has(inputs.profile.name))
    throw ProfileNotFound(inputs.profile.name);
  const fromEnv = inputs.env.PREFECT_PROFILE;
  const name = inputs.profile?.name ?? (fromEnv || profiles.active) ?? "ephemeral";
  const values = profiles.byName.get(name);
  if (values !== undefined) return { name, values, warnings: [] };
  const where = fromEnv ? "by environment variable" : "in the profiles file";
  const warning = `WARNING: Active profile '${name}' set ${where} not found. The default profile will be used instead.`;
  return { name: "ephemeral", values: profiles.byName.get("ephemeral") ?? {}, warnings: [warning] };
}

function originsOf(sources: readonly Source[]): Map<string, { kind: SourceKind; raw: unknown }> {
  const origins = new Map<string, { kind: SourceKind; raw: unknown }>();
  for (const { kind, values } of sources.toReversed()) {
    for (const [path, raw] of values) origins.set(path, { kind, raw });
  }
  return origins;
}

/** The tree of values, each read by its type. Throws SettingsInvalid with every refused value. */
function readValues(origins: ResolvedSettings["origins"], profileName: string): Settings {
  const problems: SettingProblem[] = [];
  const readGroup = (group: SettingsGroup, prefix: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(group).map(([key, node]) => {
        const path = `${prefix}${key}`;
        if (!isSetting(node)) return [key, readGroup(node, `${path}.`)];
        const origin = origins.get(path);
        const value = origin === undefined ? node.fallback : node.type.parse(origin.raw);
        if (origin !== undefined && value === undefined) problems.push(problemOf(path, { ...origin, profileName }));
        return [key, value];
      }),
    );
  const values = readGroup(catalogue, "") as unknown as Settings;
  if (problems.length > 0) throw SettingsInvalid(problems);
  return values;
}

function problemOf(path: string, found: { kind: SourceKind; raw: unknown; profileName: string }): SettingProblem {
  const named = findSettingByPath(path);
  const origin =
    found.kind === "profile" ? `profile '${found.profileName}'` : found.kind === "env" ? "the environment" : found.kind;
  const value = named?.setting.type.isSecret === true ? "********" : String(found.raw);
  return { name: named?.name ?? path, origin, value, accepts: named?.setting.type.accepts ?? "" };
}
