import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { parseJson } from "../kit/json.ts";
import { CommandEndedBadly } from "./errors.ts";

export interface PythonOptions {
  /** Path of the interpreter. */
  readonly python: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of what the code prints. */
  readonly write: (text: string) => void;
}

/**
 * Runs Python code that reads `input` as JSON from standard input and writes its JSON result to file descriptor 3; what
 * it prints is left to it. Throws COMMAND_ENDED_BADLY.
 */
export async function runPython(code: string, input: unknown, options: PythonOptions): Promise<unknown> {
  const child = spawn(options.python, ["-c", code], {
    cwd: options.directory,
    env: { ...options.env, PYTHONUNBUFFERED: "1" },
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const [stdin, stdout, stderr, result] = child.stdio;
  let errors = "";
  stdin?.on("error", () => undefined).end(JSON.stringify(input));
  stdout?.setEncoding("utf8").on("data", options.write);
  stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk;
    options.write(chunk);
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject).once("close", (exitCode) => resolve(exitCode ?? -1));
  });
  const [exitCode, answer] = await Promise.all([ended, text(result as NodeJS.ReadableStream)]);
  if (exitCode !== 0) throw CommandEndedBadly("python", exitCode, errors.trim().split("\n").at(-1) ?? "");
  return parseJson(answer);
}
