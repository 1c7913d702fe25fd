import { findSettingByName, type SettingProblem, SettingsInvalid } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import { saveProfiles } from "../../profiles-store.ts";

export const validate = command({
  summary: "Check the current profile, and replace older names of settings by their present ones.",
  run(context) {
    const { out, resolved } = context;
    const { name: profile, values } = resolved.profile;
    const problems = Object.entries(values).flatMap(([name, value]): readonly SettingProblem[] => {
      const type = findSettingByName(name)?.setting.type;
      if (type === undefined) out.warn(`Setting '${name}' of profile '${profile}' is not recognized.`);
      if (type === undefined || type.parse(value) !== undefined) return [];
      const shown = type.isSecret ? "********" : String(value);
      return [{ name, origin: `profile '${profile}'`, value: shown, accepts: type.accepts }];
    });
    if (problems.length > 0) throw SettingsInvalid(problems);

    saveProfiles(context, resolved.profiles);
    out.success("Configuration valid!");
  },
});
