import { resolve } from "node:path";
import * as s from "../../kit/schema/schema.ts";
import { CommandEndedBadly } from "../errors.ts";
import { runCommand } from "../run-command.ts";
import { splitWords } from "../split-words.ts";
import { step } from "../step.ts";

const Inputs = s.object(
  "RunShellScriptInputs",
  {
    script: s.string(),
    directory: s.defaulted(s.nullable(s.string()), null),
    env: s.defaulted(s.nullable(s.record(s.string())), null),
    stream_output: s.defaulted(s.boolean(), true),
    expand_env_vars: s.defaulted(s.boolean(), false),
    shell: s.defaulted(s.boolean(), false),
  },
  { extra: "forbid" },
);

/** Runs each line of a script as a command of its own; the first that fails ends the step. */
export const runShellScript = step("run_shell_script", Inputs, async (inputs, context) => {
  const env = { ...context.env, ...inputs.env };
  const options = {
    directory: resolve(context.directory, inputs.directory ?? ""),
    env,
    shell: inputs.shell,
    ...(inputs.stream_output && { write: context.write }),
  };
  const output = { stdout: "", stderr: "" };
  for (const line of inputs.script.split(/\r\n|[\n\r\v\f]/)) {
    const command = inputs.expand_env_vars ? expandVariables(line, env) : line;
    const words = inputs.shell ? [command.trim()].filter((text) => text !== "") : splitWords(command);
    if (words.length === 0) continue;
    const { code, stdout, stderr } = await runCommand(words, options);
    output.stdout += stdout;
    output.stderr += stderr;
    if (code !== 0) throw CommandEndedBadly(words[0] ?? "", code, output.stderr.trim());
  }
  return { outputs: { stdout: output.stdout.trim(), stderr: output.stderr.trim() } };
});

/** `$NAME` and `${NAME}` replaced where there is such a variable; `$$` is one `$`. */
function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const pattern = /\$(?:(\$)|([a-z_]\w*)|\{([a-z_]\w*)\})/gi;
  return text.replace(pattern, (written: string, ...[dollar, plain, braced]: readonly (string | undefined)[]) =>
    dollar === undefined ? (env[plain ?? braced ?? ""] ?? written) : "$",
  );
}
