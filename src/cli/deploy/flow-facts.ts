import type { FlowFacts } from "../../domain/project/deployment-fields.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";
import { prepareUserCode, requireCode } from "../user-code/prepare.ts";
import { readPythonFlows } from "./python-flows.ts";

const JAVASCRIPT = /\.[mc]?[jt]s:/;

/** What the code says about the flow of each entrypoint, by entrypoint. Throws CommandFailed for one that cannot be loaded. */
export async function readFlowFacts(
  context: Context,
  entrypoints: readonly string[],
): Promise<ReadonlyMap<string, FlowFacts>> {
  const [ours, python] = partition([...new Set(entrypoints)], (entrypoint) => JAVASCRIPT.test(entrypoint));
  const facts = new Map<string, FlowFacts>();
  prepareUserCode(context);
  for (const entrypoint of ours) facts.set(entrypoint, await readOwnFlow(entrypoint, context.inputs.cwd));
  if (python.length > 0) {
    for (const [entrypoint, fact] of await readPythonFlows(python, context)) facts.set(entrypoint, fact);
  }
  return facts;
}

async function readOwnFlow(entrypoint: string, cwd: string): Promise<FlowFacts> {
  requireCode(entrypoint, cwd);
  const [{ loadEntrypoint }, { parameterSchema }, { flowVersion }] = await Promise.all([
    import("../../sdk/deployments/load-entrypoint.ts"),
    import("../../sdk/parameters/json-schema.ts"),
    import("../../sdk/engine/flow-version.ts"),
  ]);
  const definition = await loadEntrypoint(entrypoint, cwd).catch((error: unknown) => {
    throw CommandFailed(`${entrypoint} cannot be loaded: ${error instanceof Error ? error.message : error}`);
  });
  return {
    name: definition.name,
    version: await flowVersion(definition),
    description: definition.options.description ?? null,
    parameterSchema: { ...(await parameterSchema(definition.binding.signature, definition.schema)) },
  };
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
