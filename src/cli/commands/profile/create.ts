import { addProfile, readProfile } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { argument, textFlag } from "../../flags.ts";
import { loadOwnProfiles, saveProfiles } from "../../profiles-store.ts";

export const create = command({
  summary: "Create a profile.",
  args: { name: argument("Name of the new profile.") },
  flags: { from: textFlag("--from <profile>", "Copy the settings of this profile.") },
  run(context, { args: { name }, flags }) {
    const profiles = loadOwnProfiles(context);
    if (profiles.byName.has(name)) {
      throw CommandFailed(`Profile '${name}' already exists. Remove it first with: prefect profile delete '${name}'`);
    }
    const values = flags.from === undefined ? {} : readProfile(profiles, flags.from);

    saveProfiles(context, addProfile(profiles, name, values));

    context.out.line(`
Created profile with properties:
    name - '${name}'
    from name - ${flags.from ?? "None"}

Use it from now on:
    prefect profile use '${name}'

Use it for one command:
    prefect -p '${name}' config view
`);
  },
});
