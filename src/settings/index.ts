export { apiMount, pagesMount } from "./api-mount.ts";
export { allSettings, findSettingByName, type NamedSetting, type Settings } from "./catalogue.ts";
export { databaseConfig, migrationConfig } from "./database-config.ts";
export { isConnectedToCloud } from "./derive.ts";
export {
  ProfileNotFound,
  type SettingProblem,
  SettingsFileInvalid,
  SettingsInvalid,
  SettingUnknown,
} from "./errors.ts";
export { loadSettings, type ResolvedSettings, resolveSettings, type SettingsInputs } from "./load.ts";
export { parseDatabaseUrl } from "./parse-database-url.ts";
export {
  activateProfile,
  addProfile,
  BUILT_IN_PROFILES,
  type Profiles,
  readProfile,
  removeProfile,
  renameProfile,
  updateProfile,
  withoutBuiltIns,
} from "./profiles.ts";
export { loadProfilesFile, writeProfilesFile } from "./profiles-file.ts";
export { Secret } from "./secret.ts";
export { settingsTree } from "./settings-tree.ts";
export type { SourceKind } from "./sources.ts";
