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
