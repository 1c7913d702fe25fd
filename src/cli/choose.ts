import { isCancel, select } from "@clack/prompts";
import { CommandFailed } from "./exit.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** Lets the user pick one with the arrow keys. Throws CommandFailed when the question is left with Ctrl-C. */
export async function choose(message: string, options: readonly Choice[], initialValue?: string): Promise<string> {
  const picked = await select<string>({
    message,
    options: options.map((option) => ({ ...option })),
    maxItems: 10,
    ...(initialValue !== undefined && { initialValue }),
  });
  if (isCancel(picked)) throw CommandFailed("", 130);
  return picked;
}
