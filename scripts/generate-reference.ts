// Writes docs/reference/: settings.md, cli.md and errors.md from the catalogues of settings, commands and errors.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../src/cli/command.ts";
import { parseCommand } from "../src/cli/parse.ts";
import { commands, groups } from "../src/cli/registry.ts";
import { allSettings, type NamedSetting } from "../src/settings/index.ts";
import { errorsReference } from "./errors-reference.ts";

const FOLDER = join(import.meta.dirname, "..", "docs", "reference");

/** One table of settings per group. */
export function settingsReference(): string {
  const sections = Map.groupBy(allSettings, ({ path }) => groupOf(path));
  const parts = [...sections].map(([group, settings]) => {
    const title = group === "" ? "General" : `\`${group}\``;
    const rows = settings.map(settingRow);
    return [`## ${title}`, "", "| Setting | Default | Meaning |", "| --- | --- | --- |", ...rows].join("\n");
  });
  const intro = `# Settings

Every setting is an environment variable. It may also stand in a \`.env\` file, in \`prefect.toml\` (as its dotted path), in
\`pyproject.toml\` below \`[tool.prefect]\`, and in a profile (\`prefect config set\`); the first of these that has it wins.
Durations are seconds, or ISO-8601 such as \`PT15S\` and \`P7D\`.`;
  return `${[intro, ...parts].join("\n\n")}\n`;
}

function groupOf(path: string): string {
  return path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : "";
}

function settingRow({ name, setting }: NamedSetting): string {
  const older =
    setting.aliases.length === 0 ? "" : `<br>also ${setting.aliases.map((alias) => `\`${alias}\``).join(", ")}`;
  const fallback = setting.fallback === null ? "" : `\`${JSON.stringify(setting.type.toJson(setting.fallback))}\``;
  const alone = setting.isOurs ? " Python's Prefect has none of that name." : "";
  return `| \`${name}\`${older} | ${fallback} | ${setting.doc} Accepts ${setting.type.accepts}.${alone} |`;
}

/** The help of every command. */
export async function cliReference(): Promise<string> {
  const sections = await Promise.all(
    Object.entries(commands).map(
      async ([name, load]) => `## prefect ${name}\n\n\`\`\`text\n${helpOf(name, await load())}\n\`\`\``,
    ),
  );
  const list = Object.entries(groups).map(([name, { summary, aliases = [] }]) => {
    const also = aliases.length === 0 ? "" : ` (also \`${aliases.join("`, `")}\`)`;
    return `- \`prefect ${name}\`${also}: ${summary}`;
  });
  const intro = `# Command line

Options for every command stand before it: \`-p, --profile NAME\`, \`--prompt\`, \`--no-prompt\`. A usage error, and a command that
cannot do what was asked, exit with 1.

${list.join("\n")}`;
  return `${[intro, ...sections].join("\n\n")}\n`;
}

function helpOf(name: string, command: Command): string {
  const parsed = parseCommand(name, command, ["--help"]);
  return "help" in parsed ? parsed.help.trimEnd() : "";
}

if (import.meta.main) {
  writeFileSync(join(FOLDER, "settings.md"), settingsReference());
  writeFileSync(join(FOLDER, "cli.md"), await cliReference());
  writeFileSync(join(FOLDER, "errors.md"), errorsReference());
}
