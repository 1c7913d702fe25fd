import { compareTimestamps } from "../../../../kit/timestamp.ts";
import { command } from "../../../command.ts";
import { argument, outputFlag } from "../../../flags.ts";
import { readDeploymentByName } from "../find-deployment.ts";
import { scheduleText } from "./schedule-text.ts";

export const ls = command({
  summary: "List the schedules of a deployment, the newest first.",
  args: { deployment_name: argument("The deployment, as flow/deployment.") },
  flags: { output: outputFlag },
  async run(context, { args: { deployment_name }, flags }) {
    const { schedules } = await readDeploymentByName(context, deployment_name);

    if (flags.output === "json") {
      return context.out.json(schedules.map((each) => ({ ...each, schedule: scheduleText(each) })));
    }
    const sorted = schedules.toSorted((a, b) => compareTimestamps(b.created ?? "", a.created ?? ""));
    context.out.table(
      sorted.map((each) => [each.id, scheduleText(each), each.active ? "True" : "False"]),
      {
        title: "Deployment Schedules",
        columns: [{ title: "ID" }, { title: "Schedule", mayShrink: true }, { title: "Active" }],
      },
    );
  },
});
