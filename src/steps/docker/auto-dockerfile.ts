import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { findPython } from "../find-python.ts";
import { runCommand } from "../run-command.ts";
import type { StepContext } from "../step.ts";

const FALLBACK = { prefect: "3", python: "3.12" };
const QUESTION = "import sys, prefect; print(prefect.__version__.split('+')[0], '%d.%d' % sys.version_info[:2])";

/** A Dockerfile for Python flows: Prefect's own image of the project's versions, its requirements, and its files. */
export async function autoDockerfile(folder: string, context: StepContext): Promise<string> {
  const { prefect, python } = await versions(context);
  const target = `/opt/prefect/${basename(folder)}`;
  const requirements = existsSync(join(folder, "requirements.txt"))
    ? [`COPY requirements.txt ${target}/requirements.txt`, `RUN python -m pip install -r ${target}/requirements.txt`]
    : [];
  const lines = [
    `FROM prefecthq/prefect:${prefect}-python${python}`,
    ...requirements,
    `COPY . ${target}/`,
    `WORKDIR ${target}/`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Of the project's Python and the `prefect` in it. */
async function versions(context: StepContext): Promise<typeof FALLBACK> {
  const path = findPython(context);
  if (path === undefined) return FALLBACK;
  const { code, stdout } = await runCommand([path, "-c", QUESTION], context);
  const [prefect, python] = stdout.trim().split(" ");
  return code === 0 && prefect !== undefined && python !== undefined ? { prefect, python } : FALLBACK;
}
