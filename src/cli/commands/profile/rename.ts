import { renameProfile } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import { argument } from "../../flags.ts";
import { loadOwnProfiles, saveProfiles } from "../../profiles-store.ts";

export const rename = command({
  summary: "Rename a profile.",
  args: { name: argument("Name of the profile."), newName: argument("Its new name.") },
  run(context, { args: { name, newName } }) {
    const renamed = renameProfile(loadOwnProfiles(context), name, newName);
    if (context.inputs.env.PREFECT_PROFILE === name) {
      context.out.warn(
        `The variable PREFECT_PROFILE still names '${name}': set it to '${newName}' to go on using the profile.`,
      );
    }

    saveProfiles(context, renamed);

    context.out.success(`Renamed profile '${name}' to '${newName}'.`);
  },
});
