import { findSettingByName, readProfile } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import { optionalArgument, outputFlag } from "../../flags.ts";

export const inspect = command({
  summary: "Show the settings of a profile.",
  args: { name: optionalArgument("Name of the profile; the active one when left out.") },
  flags: { output: outputFlag },
  run({ out, resolved }, { args, flags }) {
    const name = args.name ?? resolved.profile.name;
    const isJson = flags.output === "json";
    if (args.name === undefined && !isJson) out.line(`No name provided, defaulting to '${name}'`);
    const values = Object.entries(readProfile(resolved.profiles, name)).filter(([key]) => findSettingByName(key));
    if (isJson) return out.json(Object.fromEntries(values));
    if (values.length === 0) return out.line(`Profile '${name}' is empty.`);
    for (const [key, value] of values) out.line(`${key}='${value}'`);
  },
});
