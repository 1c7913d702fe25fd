import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { FlowDefinition } from "../definitions.ts";
import { EntrypointInvalid } from "../errors.ts";
import { flowDefinition, isFlow } from "../flow.ts";

/** Loads `file.ts:name`, relative to `cwd`; the name is an export or the name of an exported flow. Throws ENTRYPOINT_INVALID. */
export async function loadEntrypoint(entrypoint: string, cwd: string): Promise<FlowDefinition> {
  const colon = entrypoint.lastIndexOf(":");
  if (colon <= 0) throw EntrypointInvalid(entrypoint, "It has no name after a colon.");
  const flows = await loadFlows(resolve(cwd, entrypoint.slice(0, colon)));
  const name = entrypoint.slice(colon + 1);
  const found = flows.find((flow) => flow.exportName === name) ?? flows.find((flow) => flow.definition.name === name);
  if (found) return found.definition;
  const names = flows.map((flow) => flow.exportName).join(", ");
  throw EntrypointInvalid(entrypoint, `The file exports ${names === "" ? "no flow" : `only ${names}`}.`);
}

export interface ExportedFlow {
  readonly exportName: string;
  readonly definition: FlowDefinition;
}

/** The flows a file exports. `revision` makes a changed file load anew. Throws what the file throws while it loads. */
export async function loadFlows(file: string, revision?: string): Promise<readonly ExportedFlow[]> {
  const url = pathToFileURL(file);
  if (revision !== undefined) url.searchParams.set("revision", revision);
  const loaded: Record<string, unknown> = await import(url.href);
  return Object.entries(loaded).flatMap(([exportName, value]) =>
    isFlow(value) ? [{ exportName, definition: flowDefinition(value) }] : [],
  );
}
