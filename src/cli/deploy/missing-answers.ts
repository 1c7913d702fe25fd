import type { Client } from "../../client/index.ts";
import { choose } from "../choose.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";
import { chooseWorkerType, readWorkerType } from "../worker-types.ts";
import { findFlows } from "./find-flows.ts";

/** Where a deployment's entrypoint, name and work pool come from when neither prefect.yaml nor an option says. */
export interface MissingAnswers {
  entrypoint(): Promise<string>;
  name(): Promise<string>;
  workPool(client: Client): Promise<string>;
}

/** Nobody can be asked. Every method throws CommandFailed. */
export const refuseMissing: MissingAnswers = {
  entrypoint: async () => {
    throw CommandFailed(
      "No entrypoint: name the flow, as in `prefect deploy path/to/file.py:flow`, or set it in prefect.yaml.",
    );
  },
  name: async () => {
    throw CommandFailed("The deployment has no name. Give it one with --name.");
  },
  workPool: async () => {
    throw CommandFailed("No work pool: name one with --pool, or set it in prefect.yaml.");
  },
};

const OTHER = "";

/** Asks on the terminal. */
export function askMissing(context: Context): MissingAnswers {
  return {
    async entrypoint() {
      const flows = findFlows(context.inputs.cwd).map((entrypoint) => ({ value: entrypoint, label: entrypoint }));
      const typed = () => context.ask("Flow entrypoint (path/to/file.py:flow)");
      if (flows.length === 0) return await typed();
      const picked = await choose("Which flow?", [...flows, { value: OTHER, label: "Another one" }]);
      return picked === OTHER ? await typed() : picked;
    },
    name: () => context.ask("Deployment name", "default"),
    async workPool(client) {
      const pools = await client.workPools.list({ limit: 200 });
      if (pools.length === 0) return await createPool(context, client);
      const options = pools.map(({ name, type, description }) => ({
        value: name,
        label: name,
        hint: description ? `${type}: ${description}` : type,
      }));
      return await choose("Which work pool?", options);
    },
  };
}

async function createPool(context: Context, client: Client): Promise<string> {
  const type = await chooseWorkerType(client, "There is no work pool yet. What shall run the flows?");
  const name = await context.ask("Name of the work pool", type);
  const { default_base_job_configuration: base_job_template } = await readWorkerType(client, type);
  await client.workPools.create({ name, type, base_job_template });
  return name;
}
