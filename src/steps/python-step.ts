import { requirePython } from "./find-python.ts";
import { runPython } from "./run-python.ts";
import type { StepContext, StepResult } from "./step.ts";

const CODE = `
import asyncio, importlib, inspect, json, os, re, subprocess, sys

asked = json.load(sys.stdin)

def find():
    for package in asked["requires"]:
        importlib.import_module(re.split(r"[<>=!~\\[ ]", package)[0].replace("-", "_"))
    module, _, attribute = asked["function"].replace(":", ".").rpartition(".")
    return getattr(importlib.import_module(module), attribute)

try:
    function = find()
except ImportError:
    if not asked["requires"]:
        raise
    subprocess.run([sys.executable, "-m", "pip", "install", *asked["requires"]], check=False)
    importlib.invalidate_caches()
    function = find()

result = function(**asked["inputs"])
if inspect.isawaitable(result):
    async def wait():
        return await result
    result = asyncio.run(wait())
with os.fdopen(3, "w") as answer:
    outputs = result if isinstance(result, dict) else {}
    json.dump({"outputs": outputs, "directory": os.getcwd()}, answer, default=str)
`;

/** A function of a Python package that serves as a step. */
export interface PythonStep {
  /** `package.module.function`. */
  readonly name: string;
  /** Installed with pip when they cannot be imported. */
  readonly requires: readonly string[];
}

/** Calls a Python function as a step, in the project's Python. */
export async function runPythonStep(
  { name, requires }: PythonStep,
  inputs: Readonly<Record<string, unknown>>,
  context: StepContext,
): Promise<StepResult> {
  const { directory, client, write } = context;
  const python = requirePython(context, `The step ${name}`);
  const env = { ...context.env, PREFECT_API_URL: client.http.apiUrl };
  const answer = await runPython(CODE, { function: name, inputs, requires }, { python, directory, env, write });
  return answer as StepResult;
}
