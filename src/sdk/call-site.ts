import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { getCallSites } from "node:util";

/** A place in a source file; line and column count from 1. */
export interface CallSite {
  /** A path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

// callSite, flow or task, and then their caller.
const FRAMES_TO_CALLER = 2;

/** Where the caller of the function that calls this stands, or undefined when the engine cannot tell. */
export function callSite(): CallSite | undefined {
  const site = getCallSites(FRAMES_TO_CALLER + 1)[FRAMES_TO_CALLER];
  if (!site || site.scriptName.startsWith("node:")) return undefined;
  const file = site.scriptName.startsWith("file:") ? fileURLToPath(site.scriptName) : site.scriptName;
  return { file, line: site.lineNumber, column: site.columnNumber };
}

/** The variable that takes what the call at `site` returns. */
export interface Assignment {
  readonly name: string;
  readonly isExported: boolean;
}

const DECLARATION = /(export\s+)?(?:const|let|var)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?::[^=]*)?=\s*$/u;

/** Read from the source text, because an arrow function that is an argument has no name of its own. */
export function findAssignment(site: CallSite): Assignment | undefined {
  const lines = readLines(site.file);
  const before = (lines[site.line - 1] ?? "").slice(0, site.column - 1);
  const text = before.trim() === "" ? (lines[site.line - 2] ?? "") : before;
  const found = DECLARATION.exec(text);
  return found?.[2] === undefined ? undefined : { name: found[2], isExported: found[1] !== undefined };
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}
