import { runCommand } from "../../steps/run-command.ts";

export interface GitPlace {
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What git prints, or undefined when it fails or is not there. */
export async function git({ directory, env }: GitPlace, ...args: readonly string[]): Promise<string | undefined> {
  try {
    const { code, stdout } = await runCommand(["git", ...args], { directory, env });
    return code === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}
