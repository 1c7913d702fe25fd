import { copyFileSync, existsSync } from "node:fs";
import { BUILT_IN_PROFILES, writeProfilesFile } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import { loadOwnProfiles } from "../../profiles-store.ts";

export const populateDefaults = command({
  summary: "Add the built-in profiles to your profiles file, to change them there.",
  async run(context) {
    const { out, settings, isInteractive } = context;
    const path = settings.profiles_path;
    const own = loadOwnProfiles(context);
    const added = [...BUILT_IN_PROFILES.byName].filter(([name]) => !own.byName.has(name));
    if (added.length === 0) return out.success("No changes needed. All profiles are up to date.");
    if (!existsSync(path)) out.line(out.style("bold", "\nCreating new profiles file with default profiles."));
    out.line(out.style(["bold", "cyan"], "\nProposed Changes:"));
    for (const [name] of added) out.line(`  • Add '${name}'`);
    const isBackedUp =
      existsSync(path) && isInteractive && (await context.confirm(`\nBack up existing profiles to ${path}.bak?`));
    if (isBackedUp) {
      copyFileSync(path, `${path}.bak`);
      out.line(`Profiles backed up to ${path}.bak`);
    }
    if (isInteractive && !(await context.confirm(`\nUpdate profiles at ${path}?`)))
      return out.line("Operation cancelled.");

    const byName = new Map([...own.byName, ...added]);
    writeProfilesFile(path, { active: own.active, byName });

    out.line(`\nProfiles updated in ${out.style("green", path)}\n\nUse with: prefect profile use [PROFILE-NAME]`);
    out.line("\nAvailable profiles:");
    for (const name of byName.keys()) out.line(`  - ${name}`);
  },
});
