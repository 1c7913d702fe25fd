import { command } from "../../command.ts";
import { outputFlag } from "../../flags.ts";
import { loadOwnProfiles } from "../../profiles-store.ts";

export const ls = command({
  summary: "List the profiles of your profiles file.",
  flags: { output: outputFlag },
  run(context, { flags }) {
    const { out, resolved } = context;
    const names = [...loadOwnProfiles(context).byName.keys()];
    const profiles = names.map((name) => ({ name, active: name === resolved.profile.name }));
    if (flags.output === "json") return out.json(profiles);
    const rows = profiles.map(({ name, active }) => [active ? out.style("green", `* ${name}`) : `  ${name}`]);
    out.table(rows, { columns: [{ title: "Available Profiles:" }], caption: "* active profile" });
  },
});
