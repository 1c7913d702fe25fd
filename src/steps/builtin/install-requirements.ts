import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import * as s from "../../kit/schema/schema.ts";
import { requirePython } from "../find-python.ts";
import { runOrThrow } from "../run-command.ts";
import { type StepContext, type StepResult, step } from "../step.ts";

const PipInputs = s.object(
  "PipInstallRequirementsInputs",
  {
    directory: s.defaulted(s.nullable(s.string()), null),
    requirements_file: s.defaulted(s.string(), "requirements.txt"),
    stream_output: s.defaulted(s.boolean(), true),
  },
  { extra: "forbid" },
);

/** `pip install -r`, with the Python that runs the flows. */
export const pipInstallRequirements = step("pip_install_requirements", PipInputs, async (inputs, context) => {
  const python = requirePython(context, "pip_install_requirements");
  return await install([python, "-m", "pip", "install", "-r", inputs.requirements_file], inputs, context);
});

const NpmInputs = s.object(
  "NpmInstallInputs",
  {
    directory: s.defaulted(s.nullable(s.string()), null),
    omit_dev: s.defaulted(s.boolean(), true),
    stream_output: s.defaulted(s.boolean(), true),
  },
  { extra: "forbid" },
);

/** `npm ci` where there is a lockfile, else `npm install`. */
export const npmInstall = step("npm_install", NpmInputs, async (inputs, context) => {
  const folder = resolve(context.directory, inputs.directory ?? "");
  const verb = existsSync(join(folder, "package-lock.json")) ? "ci" : "install";
  const options = ["--no-audit", "--no-fund", ...(inputs.omit_dev ? ["--omit=dev"] : [])];
  return await install(["npm", verb, ...options], inputs, context);
});

interface InstallInputs {
  readonly directory: string | null;
  readonly stream_output: boolean;
}

async function install(
  words: readonly string[],
  { directory, stream_output }: InstallInputs,
  context: StepContext,
): Promise<StepResult> {
  const { stdout, stderr } = await runOrThrow(words, {
    directory: resolve(context.directory, directory ?? ""),
    env: context.env,
    ...(stream_output && { write: context.write }),
  });
  return { outputs: { stdout: stdout.trim(), stderr: stderr.trim() } };
}
