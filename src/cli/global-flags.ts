import { UsageInvalid } from "./exit.ts";

/** The options that stand before the command, and the words after them. */
export interface GlobalFlags {
  readonly profile: { readonly name: string; readonly isAbove: boolean } | undefined;
  readonly prompt: boolean | undefined;
  readonly rest: readonly string[];
}

const LONG_NAMES = new Map([
  ["-jv", "--job-variable"],
  ["-cl", "--concurrency-limit"],
]);

/**
 * `--profile NAME` as the very first words leaves environment variables above the profile; `-p NAME`, or `--profile`
 * elsewhere before the command, lays the profile above them. Throws UsageInvalid.
 */
export function parseGlobalFlags(argv: readonly string[]): GlobalFlags {
  let profile: GlobalFlags["profile"];
  let prompt: boolean | undefined;
  let at = 0;
  for (; at < argv.length; at++) {
    const [flag = "", inline] = splitInline(argv[at] ?? "");
    if (flag === "--prompt") prompt = true;
    else if (flag === "--no-prompt") prompt = false;
    else if (flag === "--profile" || flag === "-p") {
      const isFirst = at === 0 && flag === "--profile" && inline === undefined;
      profile = { name: readName(flag, inline ?? argv[++at]), isAbove: !isFirst };
    } else break;
  }
  const rest = argv.slice(at).map((token) => LONG_NAMES.get(token) ?? token);
  return { profile, prompt, rest };
}

function splitInline(token: string): readonly (string | undefined)[] {
  const at = token.indexOf("=");
  return token.startsWith("--") && at !== -1 ? [token.slice(0, at), token.slice(at + 1)] : [token];
}

function readName(flag: string, name: string | undefined): string {
  if (name === undefined) throw UsageInvalid(`${flag} needs the name of a profile.`);
  return name;
}
