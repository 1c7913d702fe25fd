import { PrefectError } from "../kit/errors.ts";
import { parseGlobalFlags } from "./global-flags.ts";
import { createOutput, type Output } from "./output.ts";
import type { ParsedInput } from "./parse.ts";
import { commands, resolveCommand } from "./registry.ts";

/** Runs the command line and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  // Whoever reads the output may have read enough, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const plain = createOutput({ stdout: process.stdout, stderr: process.stderr, hasColors: true });
  try {
    await run(argv, plain);
  } catch (error) {
    process.exitCode = await reportError(error, plain);
  }
}

async function run(argv: readonly string[], plain: Output): Promise<void> {
  const { rest, ...session } = parseGlobalFlags(argv);
  const found = resolveCommand(rest);
  if (found.kind === "group") return showGroup(found.name, found.rest, plain);
  const command = await commands[found.name]?.();
  if (command === undefined) return;
  const [{ parseCommand }, { openContext }] = await Promise.all([import("./parse.ts"), import("./open-context.ts")]);
  const input = parseCommand(found.name, command, found.rest);
  if ("help" in input) return plain.line(input.help.trimEnd());
  await using context = await openContext(session);
  await command.run(context, input as ParsedInput);
}

async function showGroup(name: string, rest: readonly string[], plain: Output): Promise<void> {
  const unknown = rest.find((token) => token !== "--help" && token !== "-h");
  const { groupHelp } = await import("./help.ts");
  if (unknown === undefined) return plain.line(await groupHelp(name));
  const { UsageInvalid } = await import("./exit.ts");
  const what = unknown.startsWith("-") ? "Unknown option" : "Unknown command";
  throw UsageInvalid(
    `${what} '${unknown}'. Run 'prefect${name === "" ? "" : ` ${name}`} --help' to see what there is.`,
  );
}

/** Prints what went wrong; gives the exit code. */
async function reportError(error: unknown, out: Output): Promise<number> {
  const { ProfileNotFound } = await import("../settings/index.ts");
  if (ProfileNotFound.is(error)) {
    out.error(`${error.message} Run 'prefect profile ls' to see which there are.`);
    return 1;
  }
  if (error instanceof PrefectError) {
    if (error.message !== "") out.error(error.message);
    return typeof error.details.exitCode === "number" ? error.details.exitCode : 1;
  }
  out.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  out.error("An exception occurred.");
  return 1;
}
