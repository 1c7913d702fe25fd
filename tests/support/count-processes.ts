import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** How many processes have these words in their command line. */
export async function countProcesses(words: string): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["axo", "stat,args"]);
  return stdout.split("\n").filter((line) => line.includes(words) && !line.startsWith("Z")).length;
}
