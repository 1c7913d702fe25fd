import { spawn } from "node:child_process";
import { CommandEndedBadly, ProgramNotFound } from "./errors.ts";

export interface CommandOptions {
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Let a shell read the command. @default false */
  readonly shell?: boolean;
  /** Told of the output while the command runs. */
  readonly write?: (text: string) => void;
  readonly input?: string;
}

export interface CommandOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end and gives what it printed. Throws PROGRAM_NOT_FOUND. */
export async function runCommand(words: readonly string[], options: CommandOptions): Promise<CommandOutput> {
  const [program = "", ...args] = words;
  const child = spawn(program, args, {
    cwd: options.directory,
    env: { ...options.env },
    shell: options.shell ?? false,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A program that does not read its input may have ended before it is written.
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
      options.write?.(text);
    });
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? ProgramNotFound(program) : error),
    );
    child.once("close", (exitCode) => resolve(exitCode ?? -1));
  });
  return { code, ...output };
}

/** Like `runCommand`; throws COMMAND_ENDED_BADLY, too, when the exit code is not 0. */
export async function runOrThrow(words: readonly string[], options: CommandOptions): Promise<CommandOutput> {
  const output = await runCommand(words, options);
  if (output.code === 0) return output;
  throw CommandEndedBadly(words.slice(0, 2).join(" "), output.code, lastLines(output.stderr));
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join(" | ");
}
