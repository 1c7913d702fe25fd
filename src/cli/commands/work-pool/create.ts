import { ApiNotFound, type Client } from "../../../client/index.ts";
import type { WorkPoolResponse as WorkPool } from "../../../schemas/work-pool.ts";
import { updateProfile } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { CommandFailed } from "../../exit.ts";
import { argument, switchFlag, textFlag } from "../../flags.ts";
import { saveProfiles } from "../../profiles-store.ts";
import { chooseWorkerType, readWorkerType } from "../../worker-types.ts";
import { readTemplate } from "./read-template.ts";

export const create = command({
  summary: "Create a work pool.",
  args: { name: argument("Name of the work pool.") },
  flags: {
    type: textFlag("-t, --type <type>", "What its workers run flows on, such as process, docker or kubernetes."),
    baseJobTemplate: textFlag(
      "--base-job-template <file>",
      "JSON file with its base job template; that of the type when left out.",
    ),
    paused: switchFlag("--paused", "Create it paused."),
    setAsDefault: switchFlag("--set-as-default", "Deployments of this profile use it when they name none."),
    overwrite: switchFlag("--overwrite", "Change the work pool if there is one of this name."),
  },
  async run(context, { args: { name }, flags }) {
    if (name.replace(/['" ]/g, "") === "") throw CommandFailed("Work pool name cannot be empty.");
    const client = await context.client();
    const existing = await findPool(client, name);
    if (existing !== undefined && !flags.overwrite) {
      throw CommandFailed(`Work pool named '${name}' already exists. Use --overwrite to update it.`);
    }
    const type = existing?.type ?? flags.type ?? (await askType(context, client));
    const metadata = await readWorkerType(client, type);
    const base_job_template =
      flags.baseJobTemplate === undefined
        ? metadata.default_base_job_configuration
        : readTemplate(flags.baseJobTemplate, context.inputs.cwd);
    const fields = { base_job_template, is_paused: flags.paused };

    if (existing === undefined) await client.workPools.create({ name, type, ...fields });
    else await client.workPools.update(name, fields);

    const pool = await client.workPools.read(name);
    showPool(context, pool, existing === undefined ? "Created" : "Updated");
    if (flags.setAsDefault) setAsDefault(context, name);
  },
});

async function findPool(client: Client, name: string): Promise<WorkPool | undefined> {
  try {
    return await client.workPools.read(name);
  } catch (error) {
    if (ApiNotFound.is(error)) return undefined;
    throw error;
  }
}

async function askType({ isInteractive }: Context, client: Client): Promise<string> {
  if (isInteractive) return await chooseWorkerType(client, "What shall the work pool run flows on?");
  throw CommandFailed("When not using an interactive terminal, you must supply a `--type` value.");
}

function showPool({ out, settings }: Context, pool: WorkPool, verb: string): void {
  out.success(`${verb} work pool '${pool.name}'!\n`);
  if (!pool.is_paused && !/:(push|managed)$/.test(pool.type)) {
    out.line("To start a worker for this work pool, run:\n");
    out.line(out.style("blue", `  prefect worker start --pool '${pool.name}'\n`));
  }
  const status = pool.status === null ? "" : pool.status.toLowerCase().replace("_", " ");
  const name = encodeURIComponent(pool.name);
  out.line(`└── UUID: ${pool.id}`);
  out.line(`└── Type: ${pool.type}`);
  out.line(`└── Description: ${pool.description ?? "None"}`);
  out.line(`└── Status: ${status.charAt(0).toUpperCase()}${status.slice(1)}`);
  out.line(
    `└── URL: ${settings.ui_url ? `${settings.ui_url}/work-pools/work-pool/${name}` : "<no dashboard available>"}`,
  );
}

function setAsDefault(context: Context, name: string): void {
  const { profile, profiles } = context.resolved;
  saveProfiles(context, updateProfile(profiles, profile.name, { PREFECT_DEFAULT_WORK_POOL_NAME: name }));
  context.out.success(`Set '${name}' as default work pool for profile '${profile.name}'`);
}
