import { childrenOf, commands, groups, topLevelSummaries } from "./registry.ts";

/** The help of a group: what stands below it. Below "" the whole command line. */
export async function groupHelp(group: string): Promise<string> {
  const name = group === "" ? "prefect" : `prefect ${group}`;
  const entries = await Promise.all(
    childrenOf(group).map(async ({ path, names }) => {
      const summary = groups[path]?.summary ?? topLevelSummaries[path] ?? (await commands[path]?.())?.summary ?? "";
      return { word: names.join(", "), summary };
    }),
  );
  const width = Math.max(...entries.map(({ word }) => word.length));
  const lines = entries.map(({ word, summary }) => `  ${word.padEnd(width)}  ${summary}`);
  const about = groups[group]?.summary ?? "Prefect: workflow orchestration.";
  return [`Usage: ${name} [COMMAND] [OPTIONS]`, "", about, "", "Commands:", ...lines, "", ...sessionHelp(group)].join(
    "\n",
  );
}

function sessionHelp(group: string): readonly string[] {
  if (group !== "") return [`Run 'prefect ${group} COMMAND --help' to see what a command takes.`];
  return [
    "Options, before the command:",
    "  -p, --profile <name>   Use this profile for this command.",
    "  --prompt, --no-prompt  Ask questions, or never ask.",
    "  -v, --version          Print the version; must be the first word.",
    "  --help                 Show this help.",
  ];
}
