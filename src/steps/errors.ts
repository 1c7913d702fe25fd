import { defineError } from "../kit/errors.ts";

export const StepInvalid = defineError(
  "STEP_INVALID",
  422,
  (why: string) => `A step must be one function with its inputs: ${why}`,
);

export const StepInputsInvalid = defineError(
  "STEP_INPUTS_INVALID",
  422,
  (step: string, problems: readonly string[]) => `The inputs of the step ${step} are not valid: ${problems.join("; ")}`,
);

export const StepFailed = defineError("STEP_FAILED", 500, (step: string, cause: unknown) => ({
  message: `The step ${step} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
  cause,
}));

export const CommandEndedBadly = defineError(
  "COMMAND_ENDED_BADLY",
  500,
  (command: string, code: number, stderr: string) =>
    `\`${command}\` ended with exit code ${code}${stderr === "" ? "." : `: ${stderr}`}`,
);

export const ProgramNotFound = defineError(
  "PROGRAM_NOT_FOUND",
  500,
  (program: string) => `The program '${program}' was not found. Install it, or check the PATH.`,
);

export const QuoteNotClosed = defineError(
  "QUOTE_NOT_CLOSED",
  422,
  (command: string) =>
    `A quotation mark of this command is not closed, or nothing follows its last backslash: ${command}`,
);

export const GitInputRefused = defineError(
  "GIT_INPUT_REFUSED",
  422,
  (input: string, why: string) => `The input ${input} of git_clone is refused: ${why}`,
);

export const RepositoryInTheWay = defineError(
  "REPOSITORY_IN_THE_WAY",
  409,
  (folder: string, existing: string, wanted: string) =>
    `${folder} holds a clone of ${existing}, not of ${wanted}. Give the clone another name with clone_directory_name.`,
);

export const PythonNotFound = defineError(
  "PYTHON_NOT_FOUND",
  500,
  (what: string) =>
    `${what} needs Python, and none was found: there is no virtual environment (VIRTUAL_ENV, .venv) and no \`python\` on the PATH.`,
);

export const BlockOfTemplateNotFound = defineError(
  "BLOCK_OF_TEMPLATE_NOT_FOUND",
  404,
  (what: string) =>
    `There is no block ${what}, which a deployment, a work pool or a step refers to. Create it, or correct the placeholder.`,
);

export const DockerfileInTheWay = defineError(
  "DOCKERFILE_IN_THE_WAY",
  409,
  (path: string) => `${path} is there already. Delete it, name it as the dockerfile, or set dockerfile_output_path.`,
);
