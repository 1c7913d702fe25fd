import { defineError } from "../kit/errors.ts";

/** One value that was refused, and where it came from. */
export interface SettingProblem {
  readonly name: string;
  /** Where the value was found: `environment`, `profile 'local'`, `prefect.toml` … */
  readonly origin: string;
  /** The value as given; asterisks for secrets. */
  readonly value: string;
  readonly accepts: string;
}

export const SettingsInvalid = defineError("SETTINGS_INVALID", 500, (problems: readonly SettingProblem[]) => ({
  message: problems
    .map(
      ({ name, origin, value, accepts }) => `${name}=${value} (from ${origin}) is not valid: accepted is ${accepts}.`,
    )
    .join("\n"),
  details: { problems },
}));

export const SettingUnknown = defineError("SETTING_UNKNOWN", 500, (name: string) => `Unknown setting name '${name}'.`);

export const SettingsFileInvalid = defineError("SETTINGS_FILE_INVALID", 500, (path: string, cause: Error) => ({
  message: `Failed to load Prefect settings from ${path}: invalid TOML (${cause.message.split("\n", 1)[0]}). Correct the file or remove it.`,
  cause,
}));

export const ProfileNotFound = defineError("PROFILE_NOT_FOUND", 500, (name: string) => `Profile '${name}' not found.`);

export const ProfileExists = defineError("PROFILE_EXISTS", 500, (name: string) => `Profile '${name}' already exists.`);

export const DatabasePartsMissing = defineError(
  "DATABASE_PARTS_MISSING",
  500,
  (names: readonly string[]) =>
    `The database is given in parts, but these are not set: ${names.join(", ")}. Set them, or set PREFECT_SERVER_DATABASE_CONNECTION_URL.`,
);

export const DatabasePasswordMissing = defineError(
  "DATABASE_PASSWORD_MISSING",
  500,
  () => "The database URL asks for PREFECT_SERVER_DATABASE_PASSWORD, which is not set. Set it to the password.",
);

export const DatabaseUrlUnsupported = defineError(
  "DATABASE_URL_UNSUPPORTED",
  500,
  (scheme: string) =>
    `A database URL starting with '${scheme}' is not supported: use postgresql+asyncpg://user:password@host/name or sqlite+aiosqlite:///path.`,
);

export const DatabaseUrlInvalid = defineError(
  "DATABASE_URL_INVALID",
  500,
  (why: string) => `PREFECT_SERVER_DATABASE_CONNECTION_URL is not valid. ${why}`,
);
