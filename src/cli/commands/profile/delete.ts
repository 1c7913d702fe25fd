import { readProfile, removeProfile } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { argument } from "../../flags.ts";
import { saveProfiles } from "../../profiles-store.ts";

export const deleteProfile = command({
  summary: "Delete a profile.",
  args: { name: argument("Name of the profile.") },
  async run(context, { args: { name } }) {
    const { resolved } = context;
    readProfile(resolved.profiles, name);
    if (resolved.profile.name === name) {
      throw CommandFailed(`Profile '${name}' is the active profile. Switch to another one before you delete it.`);
    }
    const question = `Are you sure you want to delete profile with name '${name}'?`;
    if (context.isInteractive && !(await context.confirm(question))) throw CommandFailed("Deletion aborted.");

    saveProfiles(context, removeProfile(resolved.profiles, name));

    context.out.success(`Removed profile '${name}'.`);
  },
});
