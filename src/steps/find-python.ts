import { accessSync, constants } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { PythonNotFound } from "./errors.ts";

export interface PythonSearch {
  /** The folder of the project. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The project's Python: of the active virtual or conda environment, else of `.venv` or `venv` in its folder, else
 * `python` or `python3` on the PATH. Undefined when there is none.
 */
export function findPython({ directory, env }: PythonSearch): string | undefined {
  const environments = [env.VIRTUAL_ENV, env.CONDA_PREFIX, resolve(directory, ".venv"), resolve(directory, "venv")];
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [
    ...environments.flatMap((folder) => (folder ? [join(folder, "bin", "python")] : [])),
    ...["python", "python3"].flatMap((name) => folders.map((folder) => join(folder, name))),
  ].find(isExecutable);
}

/** Like `findPython`; throws PYTHON_NOT_FOUND, which says what needs it. */
export function requirePython(search: PythonSearch, what: string): string {
  const python = findPython(search);
  if (python === undefined) throw PythonNotFound(what);
  return python;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
