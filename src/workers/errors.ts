import { defineError } from "../kit/errors.ts";

export const DefaultTemplateNotFound = defineError(
  "DEFAULT_TEMPLATE_NOT_FOUND",
  404,
  (type: string) =>
    `The API has no base job template for pools of the type '${type}'. Give one with --base-job-template.`,
);

export const PythonWithoutPrefect = defineError(
  "PYTHON_WITHOUT_PREFECT",
  500,
  (python: string) =>
    `${python} has no prefect, which Python flows need. Install it there (pip install prefect), or start the worker in the virtual environment that has it.`,
);

export const WorkingDirectoryNotFound = defineError(
  "WORKING_DIRECTORY_NOT_FOUND",
  404,
  (path: string) => `The working directory ${path} of the run is no folder on the machine of the worker.`,
);
