import { Command as Commander, CommanderError, Option } from "commander";
import type { Command } from "./command.ts";
import { UsageInvalid } from "./exit.ts";
import type { Flag } from "./flags.ts";

/** What a command is given: arguments and flags by name. */
export interface ParsedInput {
  readonly args: Readonly<Record<string, unknown>>;
  readonly flags: Readonly<Record<string, unknown>>;
}

export interface CommandHelp {
  readonly help: string;
}

const HELP_WIDTH = 80;

/** Reads `tokens` for the command called `name`; gives its help when that was asked for. Throws UsageInvalid. */
export function parseCommand(name: string, command: Command, tokens: readonly string[]): ParsedInput | CommandHelp {
  const program = commanderFor(name, command);
  try {
    program.parse([...tokens], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return { help: program.helpInformation() };
    throw UsageInvalid(`${error.message.replace(/^error: /, "")}\nTry 'prefect ${name} --help'.`);
  }
  const given = program.opts<Readonly<Record<string, unknown>>>();
  return { args: readArguments(command, program.args, given), flags: readFlags(command, given) };
}

function commanderFor(name: string, command: Command): Commander {
  const program = new Commander(`prefect ${name}`)
    .description(command.details === undefined ? command.summary : `${command.summary}\n\n${command.details}`)
    .helpOption("--help", "Show this help.")
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    .configureHelp({ helpWidth: HELP_WIDTH });
  for (const [key, positional] of Object.entries(command.args)) {
    const isList = positional.kind === "many" || positional.kind === "any";
    program.argument(`[${kebab(key).toUpperCase()}${isList ? "..." : ""}]`, positional.doc);
    program.addOption(new Option(`--${kebab(key)} <value...>`).hideHelp());
  }
  program.usage(usageOf(name, command));
  for (const flag of Object.values(command.flags)) addFlag(program, flag);
  return program;
}

function usageOf(name: string, command: Command): string {
  const words = Object.entries(command.args).map(([key, { kind }]) => {
    const word = kebab(key).toUpperCase();
    return { required: word, optional: `[${word}]`, many: `${word}...`, any: `[${word}...]` }[kind];
  });
  const line = [...words, "[options]"].join(" ");
  const isLong = `Usage: prefect ${name} ${line}`.length > HELP_WIDTH;
  return isLong ? line.replace(/ (?=\[options\]$)/, "\n         ") : line;
}

function addFlag(program: Commander, flag: Flag<unknown>): void {
  const option = new Option(flag.syntax, flag.doc);
  if (flag.kind === "many")
    option.argParser((raw: string, previous: unknown) => [...((previous as string[]) ?? []), raw]);
  else if (flag.fallback !== undefined && flag.kind === "value") option.description += ` [default: ${flag.fallback}]`;
  program.addOption(option);
  if (flag.kind !== "switch" || isNegative(flag)) return;
  const off = flag.offSyntax ?? `--no-${longName(flag)}`;
  const isOwnWord = flag.offSyntax !== undefined;
  const hidden = new Option(off, isOwnWord || flag.fallback !== false ? `The opposite of --${longName(flag)}.` : "");
  program.addOption(flag.fallback === false && !isOwnWord ? hidden.hideHelp() : hidden);
}

/** True for a switch that is only known by its `--no-…` spelling. */
function isNegative(flag: Flag<unknown>): boolean {
  return flag.kind === "switch" && longName(flag).startsWith("no-");
}

function longName(flag: Flag<unknown>): string {
  return /--([\w-]+)/.exec(flag.syntax)?.[1] ?? "";
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function readFlags(command: Command, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(command.flags).map(([key, flag]) => [key, readFlag(flag, given)] as const);
  return Object.fromEntries(entries);
}

function readFlag(flag: Flag<unknown>, given: Readonly<Record<string, unknown>>): unknown {
  if (isNegative(flag)) return given[camel(longName(flag).slice(3))] === false;
  const off = flag.offSyntax === undefined ? undefined : given[camel(flag.offSyntax.slice(2))];
  if (off === true) return false;
  const raw = given[camel(longName(flag))];
  if (raw === undefined) return flag.fallback;
  if (flag.kind === "many") return (raw as readonly string[]).map((item) => flag.parse(item));
  return flag.kind === "switch" ? raw : flag.parse(String(raw));
}

function readArguments(command: Command, tokens: readonly string[], given: Readonly<Record<string, unknown>>) {
  const left = [...tokens];
  const entries = Object.entries(command.args).map(([key, positional]) => {
    const isList = positional.kind === "many" || positional.kind === "any";
    const named = given[key] as readonly string[] | undefined;
    const raw = named ?? left.splice(0, isList ? left.length : 1);
    if (raw.length === 0 && (positional.kind === "required" || positional.kind === "many")) {
      throw UsageInvalid(`Missing argument ${kebab(key).toUpperCase()}: ${positional.doc}`);
    }
    const values = raw.map((item) => positional.parse(item, kebab(key).toUpperCase()));
    return [key, isList ? values : values[0]] as const;
  });
  return Object.fromEntries(entries);
}
