import type { Context } from "./context.ts";
import type { Flag, Positional } from "./flags.ts";

export type Positionals = Readonly<Record<string, Positional<unknown>>>;
export type Flags = Readonly<Record<string, Flag<unknown>>>;

type ValuesOf<Parameters> = {
  readonly [Name in keyof Parameters]: Parameters[Name] extends Positional<infer T> | Flag<infer T> ? T : never;
};

/** One command: what it takes and what it does. */
export interface Command<Args extends Positionals = Positionals, Options extends Flags = Flags> {
  /** One sentence, shown in lists. */
  readonly summary: string;
  /** More lines for its own help. */
  readonly details?: string;
  readonly args: Args;
  readonly flags: Options;
  run(
    context: Context,
    input: { readonly args: ValuesOf<Args>; readonly flags: ValuesOf<Options> },
  ): Promise<void> | void;
}

interface Definition<Args extends Positionals, Options extends Flags> {
  readonly summary: string;
  readonly details?: string;
  readonly args?: Args;
  readonly flags?: Options;
  run(
    context: Context,
    input: { readonly args: ValuesOf<Args>; readonly flags: ValuesOf<Options> },
  ): Promise<void> | void;
}

/**
 * Declares a command; the types of arguments and flags follow from their declarations.
 *
 * @example
 * export const ls = command({
 *   summary: "List flows.",
 *   flags: { limit: integerFlag("--limit <count>", "Most flows to list.", 15) },
 *   async run(context, { flags }) { … },
 * });
 */
// biome-ignore lint/complexity/noBannedTypes: `{}` is the type of "no arguments", which `Values` must see
export function command<Args extends Positionals = {}, Options extends Flags = {}>(
  definition: Definition<Args, Options>,
): Command {
  return { args: {}, flags: {}, ...definition } as unknown as Command;
}
