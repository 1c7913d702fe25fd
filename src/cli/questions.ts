import { CommandFailed } from "./exit.ts";

/** Asks for text on the terminal; an empty answer gives `fallback`. Throws CommandFailed when input ends. */
export async function ask(question: string, fallback?: string): Promise<string> {
  const hint = fallback === undefined ? "" : ` (${fallback})`;
  for (;;) {
    const answer = (await readLine(`${question}${hint}: `)).trim() || fallback;
    if (answer !== undefined) return answer;
  }
}

/** Asks until the answer is yes or no. Throws CommandFailed when input ends. */
export async function confirm(question: string): Promise<boolean> {
  for (;;) {
    const answer = (await readLine(`${question} [y/n]: `)).trim().toLowerCase();
    if (answer === "y" || answer === "n") return answer === "y";
    process.stdout.write("Please enter Y or N\n");
  }
}

async function readLine(prompt: string): Promise<string> {
  // Most commands ask nothing.
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new AbortController();
  terminal.on("SIGINT", () => process.exit(1));
  terminal.on("close", () => closed.abort());
  try {
    return await terminal.question(prompt, { signal: closed.signal });
  } catch (error) {
    if (closed.signal.aborted) throw CommandFailed("The question was not answered.");
    throw error;
  } finally {
    terminal.close();
  }
}
