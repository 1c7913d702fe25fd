import { relative, resolve } from "node:path";
import type { Client } from "../../client/index.ts";
import type { FlowDefinition } from "../../sdk/definitions.ts";
import { applyDeployment } from "../../sdk/deployments/apply-deployment.ts";
import { loadFlows } from "../../sdk/deployments/load-entrypoint.ts";
import { parameterSchema } from "../../sdk/parameters/json-schema.ts";

/** One flow of a file, known to the API as a deployment. */
export interface ServedFlow {
  readonly deploymentId: string;
  /** `flow/dev` */
  readonly name: string;
  readonly definition: FlowDefinition;
  /** Parameters without a default: such a flow is not run by itself. */
  readonly required: readonly string[];
}

/** The flows of some files, replaced when a file is loaded anew. */
export interface ServedFlows {
  /** Grows with every file loaded. */
  readonly deploymentIds: ReadonlySet<string>;
  find(deploymentId: string | null): ServedFlow | undefined;
  /** Loads a file and makes a deployment of each flow it exports. Throws what the file throws. */
  load(file: string): Promise<readonly ServedFlow[]>;
}

const DEPLOYMENT_NAME = "dev";

export function createServedFlows(client: Client, cwd: string): ServedFlows {
  const byId = new Map<string, ServedFlow>();
  let revision = 0;
  const serve = async (definition: FlowDefinition, entrypoint: string) => {
    const options = { name: DEPLOYMENT_NAME, tags: ["dev"] };
    const deploymentId = await applyDeployment(client, { definition, options }, entrypoint);
    const { required = [] } = await parameterSchema(definition.binding.signature, definition.schema);
    const served = { deploymentId, name: `${definition.name}/${DEPLOYMENT_NAME}`, definition, required };
    byId.set(deploymentId, served);
    return served;
  };
  return {
    get deploymentIds() {
      return new Set(byId.keys());
    },
    find: (deploymentId) => (deploymentId === null ? undefined : byId.get(deploymentId)),
    async load(file) {
      revision += 1;
      const flows = await loadFlows(resolve(cwd, file), String(revision));
      const path = relative(cwd, resolve(cwd, file));
      return Promise.all(flows.map(({ definition, exportName }) => serve(definition, `${path}:${exportName}`)));
    },
  };
}
