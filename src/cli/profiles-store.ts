import { loadProfilesFile, type Profiles, withoutBuiltIns, writeProfilesFile } from "../settings/index.ts";
import type { Context } from "./context.ts";

/** The profiles of the user's file alone. */
export function loadOwnProfiles(context: Context): Profiles {
  return loadProfilesFile(context.settings.profiles_path);
}

/** Writes the user's file: all of `profiles` but built-in ones nobody changed. */
export function saveProfiles(context: Context, profiles: Profiles): void {
  writeProfilesFile(context.settings.profiles_path, withoutBuiltIns(profiles, loadOwnProfiles(context)));
}
