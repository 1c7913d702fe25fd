import { findSettingByName } from "./catalogue.ts";
import { ProfileExists, ProfileNotFound } from "./errors.ts";

/** Values by the present name of their environment variable, as they stand in the file. */
export type ProfileValues = Readonly<Record<string, unknown>>;

/** Profiles by name, and the one to use when none is named. Never changed: every operation returns a new one. */
export interface Profiles {
  readonly active: string | undefined;
  readonly byName: ReadonlyMap<string, ProfileValues>;
}

export const NO_PROFILES: Profiles = { active: undefined, byName: new Map() };

/** The profiles everybody has; a profile of the user with the same name is laid over them. */
export const BUILT_IN_PROFILES: Profiles = {
  active: "ephemeral",
  byName: new Map<string, ProfileValues>([
    ["ephemeral", { PREFECT_SERVER_EPHEMERAL_ENABLED: "true" }],
    ["local", { PREFECT_API_URL: "http://127.0.0.1:4200/api" }],
    [
      "test",
      {
        PREFECT_SERVER_EPHEMERAL_ENABLED: "true",
        PREFECT_SERVER_DATABASE_CONNECTION_URL: "sqlite+aiosqlite:///:memory:",
      },
    ],
    ["cloud", {}],
  ]),
};

/** Older names become the present ones; when both are there the present one wins. Unknown names stay. */
export function canonicalValues(values: ProfileValues): ProfileValues {
  const entries = Object.entries(values).map(([name, value]) => {
    const canonical = findSettingByName(name)?.name ?? name;
    return { canonical, value, isAlias: canonical !== name };
  });
  const aliasesFirst = [...entries.filter((entry) => entry.isAlias), ...entries.filter((entry) => !entry.isAlias)];
  const winners = new Map(aliasesFirst.map(({ canonical, value }) => [canonical, value]));
  return Object.fromEntries(entries.map(({ canonical }) => [canonical, winners.get(canonical)]));
}

/** `upper` laid over `lower`, profile by profile. */
export function mergeProfiles(lower: Profiles, upper: Profiles): Profiles {
  const byName = new Map(lower.byName);
  for (const [name, values] of upper.byName) byName.set(name, { ...byName.get(name), ...values });
  return { active: upper.active ?? lower.active, byName };
}

/** What is worth writing to the user's file: everything but built-in profiles nobody changed. */
export function withoutBuiltIns(profiles: Profiles, user: Profiles): Profiles {
  const isOwn = ([name, values]: readonly [string, ProfileValues]) =>
    user.byName.has(name) || !sameValues(values, BUILT_IN_PROFILES.byName.get(name));
  return { active: profiles.active, byName: new Map([...profiles.byName].filter(isOwn)) };
}

function sameValues(a: ProfileValues, b: ProfileValues | undefined): boolean {
  return b !== undefined && JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

/** Throws ProfileNotFound. */
export function readProfile(profiles: Profiles, name: string): ProfileValues {
  const values = profiles.byName.get(name);
  if (values === undefined) throw ProfileNotFound(name);
  return values;
}

/** Throws ProfileNotFound. */
export function activateProfile(profiles: Profiles, name: string): Profiles {
  readProfile(profiles, name);
  return { ...profiles, active: name };
}

/** Throws ProfileExists. */
export function addProfile(profiles: Profiles, name: string, values: ProfileValues): Profiles {
  if (profiles.byName.has(name)) throw ProfileExists(name);
  return { ...profiles, byName: new Map([...profiles.byName, [name, values]]) };
}

/** Sets the given values of a profile, which is made when it is missing; undefined takes a value away. */
export function updateProfile(profiles: Profiles, name: string, changes: ProfileValues): Profiles {
  const merged = { ...profiles.byName.get(name), ...canonicalValues(changes) };
  const values = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
  return { ...profiles, byName: new Map([...profiles.byName, [name, values]]) };
}

/** Throws ProfileNotFound. */
export function removeProfile(profiles: Profiles, name: string): Profiles {
  readProfile(profiles, name);
  return { ...profiles, byName: new Map([...profiles.byName].filter(([other]) => other !== name)) };
}

/** The renamed profile becomes the last one, and stays active when it was. Throws ProfileNotFound, ProfileExists. */
export function renameProfile(profiles: Profiles, name: string, newName: string): Profiles {
  const renamed = removeProfile(addProfile(profiles, newName, readProfile(profiles, name)), name);
  return { ...renamed, active: profiles.active === name ? newName : profiles.active };
}
