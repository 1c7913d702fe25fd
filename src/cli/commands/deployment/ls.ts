import { compareTimestamps } from "../../../kit/timestamp.ts";
import { command } from "../../command.ts";
import { anyArguments, outputFlag, switchFlag } from "../../flags.ts";

const COLUMNS = [{ title: "Name", mayShrink: true }, { title: "ID" }, { title: "Work Pool", mayShrink: true }] as const;

export const ls = command({
  summary: "List deployments by name.",
  args: { flow_name: anyArguments("Only deployments of these flows.") },
  flags: { byCreated: switchFlag("--by-created", "List the newest first."), output: outputFlag },
  async run({ out, client: connect }, { args: { flow_name }, flags }) {
    const client = await connect();
    const flowFilter = flow_name.length === 0 ? {} : { flows: { name: { any_: flow_name } } };
    const deployments = await client.deployments.list(flowFilter);

    if (flags.output === "json") return out.json(deployments);
    const flowIds = [...new Set(deployments.map(({ flow_id }) => flow_id))];
    const flows = flowIds.length === 0 ? [] : await client.flows.list({ flows: { id: { any_: flowIds } } });
    const flowNames = new Map(flows.map(({ id, name }) => [id, name]));
    const named = deployments.map((deployment) => ({
      ...deployment,
      fullName: `${flowNames.get(deployment.flow_id) ?? ""}/${deployment.name}`,
    }));
    const sorted = named.toSorted((a, b) =>
      flags.byCreated ? compareTimestamps(b.created ?? "", a.created ?? "") : a.fullName < b.fullName ? -1 : 1,
    );
    const rows = sorted.map(({ fullName, id, work_pool_name }) => [fullName, id, work_pool_name ?? ""]);
    out.table(rows, { title: "Deployments", columns: COLUMNS });
  },
});
