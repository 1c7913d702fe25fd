import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { textFlag } from "../../flags.ts";
import { readWorkerType } from "../../worker-types.ts";

export const getDefaultBaseJobTemplate = command({
  summary: "Print the base job template that new work pools of a type get.",
  flags: {
    type: textFlag("-t, --type <type>", "Type of work pool, such as process."),
    file: textFlag("-f, --file <path>", "Write it to this file instead."),
  },
  async run({ out, inputs, client: connect }, { flags: { type, file } }) {
    if (type === undefined) throw CommandFailed("--type is missing: it names the type of work pool.");
    const { default_base_job_configuration: template } = await readWorkerType(await connect(), type);

    if (file === undefined) return out.json(template);
    writeFileSync(resolve(inputs.cwd, file), JSON.stringify(template, null, 2));
  },
});
