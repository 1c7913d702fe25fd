import { CommandFailed } from "./exit.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** Lets the user pick one with the arrow keys. Throws CommandFailed, with nothing to say, when Ctrl-C ends it. */
export async function choose(message: string, options: readonly Choice[], initialValue?: string): Promise<string> {
  const { isCancel, select } = await import("@clack/prompts");
  const picked = await select<string>({
    message,
    options: options.map((option) => ({ ...option })),
    maxItems: 10,
    ...(initialValue !== undefined && { initialValue }),
  });
  if (isCancel(picked)) throw CommandFailed("", 130);
  return picked;
}
