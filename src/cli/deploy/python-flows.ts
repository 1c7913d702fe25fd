import type { FlowFacts } from "../../domain/project/deployment-fields.ts";
import { requirePython } from "../../steps/find-python.ts";
import { runPython } from "../../steps/run-python.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";

const CODE = `
import json, os, sys

entrypoints = json.load(sys.stdin)
answers = {}
try:
    from prefect.flows import load_flow_from_entrypoint
    from prefect.utilities.callables import parameter_schema
except ImportError as error:
    answers = {each: {"problem": f"{sys.executable} has no usable package 'prefect' ({error})"} for each in entrypoints}
else:
    for each in entrypoints:
        try:
            flow = load_flow_from_entrypoint(each)
            answers[each] = {
                "name": flow.name,
                "version": flow.version,
                "description": flow.description,
                "parameterSchema": parameter_schema(flow).model_dump(mode="json", exclude_unset=True),
            }
        except Exception as error:
            answers[each] = {"problem": f"{type(error).__name__}: {error}"}
with os.fdopen(3, "w") as answer:
    json.dump(answers, answer)
`;

type Answer = FlowFacts | { readonly problem: string };

/** Asks the project's Python, in one process, about flows. Throws CommandFailed for those that cannot be loaded. */
export async function readPythonFlows(
  entrypoints: readonly string[],
  { inputs, out }: Context,
): Promise<readonly (readonly [string, FlowFacts])[]> {
  const directory = inputs.cwd;
  const python = requirePython({ directory, env: inputs.env }, `The flow ${entrypoints[0]}`);
  const printed: string[] = [];
  const write = (text: string) => void printed.push(text);
  const answers = (await runPython(CODE, entrypoints, { python, directory, env: inputs.env, write }).catch((error) => {
    out.warn(printed.join("").trim());
    throw error;
  })) as Readonly<Record<string, Answer>>;
  return Object.entries(answers).map(([entrypoint, answer]) => {
    if (!("problem" in answer)) return [entrypoint, answer] as const;
    if (printed.length > 0) out.warn(printed.join("").trim());
    throw CommandFailed(`${entrypoint} cannot be loaded: ${answer.problem}`);
  });
}
