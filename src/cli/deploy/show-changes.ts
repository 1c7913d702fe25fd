import type { Change } from "../../domain/project/deployment-changes.ts";
import type { Output } from "../output.ts";

/** Prints what a deploy would change, one line a value. */
export function showChanges(out: Output, name: string, changes: readonly Change[]): void {
  out.line(out.style("bold", changes.length === 0 ? `${name}: nothing would change.` : `${name} would change:`));
  for (const { field, before, after } of changes) {
    if (before !== undefined) out.line(out.style("red", `  - ${field}: ${shown(before)}`));
    if (after !== undefined) out.line(out.style("green", `  + ${field}: ${shown(after)}`));
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value);
}
