import {
  findSettingByName,
  type NamedSetting,
  SettingsInvalid,
  SettingUnknown,
  updateProfile,
} from "../../../settings/index.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { manyArguments } from "../../flags.ts";
import { saveProfiles } from "../../profiles-store.ts";

const ONLY_BY_ENVIRONMENT = new Set(["PREFECT_HOME", "PREFECT_PROFILES_PATH"]);

interface Assignment {
  /** The name as it was typed, perhaps an older one. */
  readonly typed: string;
  readonly value: string;
  readonly named: NamedSetting;
}

export const set = command({
  summary: "Set values of settings in the current profile.",
  args: { settings: manyArguments("Settings in the form VAR=VAL.") },
  run(context, { args }) {
    const { out, resolved, inputs } = context;
    const assignments = args.settings.map(readAssignment);
    refuseBadValues(assignments);

    const changes = Object.fromEntries(assignments.map(({ named, value }) => [named.name, value]));
    saveProfiles(context, updateProfile(resolved.profiles, resolved.profile.name, changes));

    for (const { typed, value } of assignments) {
      out.line(`Set '${typed}' to '${value}'.`);
      if (inputs.env[typed] === undefined) continue;
      out.warn(
        `${typed} is also an environment variable, which wins over this value. Run 'unset ${typed}' to clear it.`,
      );
    }
    out.success(`Updated profile '${resolved.profile.name}'.`);
  },
});

function readAssignment(text: string): Assignment {
  const at = text.indexOf("=");
  if (at === -1) throw CommandFailed(`'${text}' is not a setting with a value. Write it as VAR=VAL.`);
  const typed = text.slice(0, at);
  const named = findSettingByName(typed);
  if (named === undefined) throw SettingUnknown(typed);
  if (ONLY_BY_ENVIRONMENT.has(typed)) {
    throw CommandFailed(`'${typed}' cannot be set in a profile. Set it as an environment variable instead.`);
  }
  return { typed, value: text.slice(at + 1), named };
}

function refuseBadValues(assignments: readonly Assignment[]): void {
  const problems = assignments
    .filter(({ named, value }) => named.setting.type.parse(value) === undefined)
    .map(({ named, value }) => ({
      name: named.name,
      origin: "the command line",
      value: named.setting.type.isSecret ? "********" : value,
      accepts: named.setting.type.accepts,
    }));
  if (problems.length > 0) throw SettingsInvalid(problems);
}
