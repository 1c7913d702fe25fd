import { findSettingByName, SettingUnknown, updateProfile } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { manyArguments, switchFlag } from "../../flags.ts";
import { saveProfiles } from "../../profiles-store.ts";

export const unset = command({
  summary: "Take settings out of the current profile, which restores their defaults.",
  args: { settingNames: manyArguments("Names of the settings.") },
  flags: { yes: switchFlag("-y, --yes", "Do not ask.") },
  async run(context, { args, flags }) {
    const { out, resolved, inputs } = context;
    const { name: profile, values } = resolved.profile;
    const names = [...new Set(args.settingNames)];
    const settings = names.map((name) => findSettingByName(name) ?? unknown(name));
    for (const [index, { name }] of settings.entries()) {
      if (!(name in values)) throw CommandFailed(`'${names[index]}' is not set in profile '${profile}'.`);
    }
    const question = `Are you sure you want to unset ${names.map((name) => `'${name}'`).join(", ")}?`;
    if (!flags.yes && context.isInteractive && !(await context.confirm(question)))
      throw CommandFailed("Unset aborted.");

    const changes = Object.fromEntries(settings.map(({ name }) => [name, undefined]));
    saveProfiles(context, updateProfile(resolved.profiles, profile, changes));

    for (const name of names) {
      out.line(`Unset '${name}'.`);
      if (inputs.env[name] === undefined) continue;
      out.warn(`'${name}' is also an environment variable. Run 'unset ${name}' to clear it.`);
    }
    out.success(`Updated profile '${profile}'.`);
  },
});

function unknown(name: string): never {
  throw SettingUnknown(name);
}
