import type { DeploymentResponse as Deployment } from "../../../../schemas/deployment.ts";
import { type Command, command } from "../../../command.ts";
import type { Context } from "../../../context.ts";
import { CommandFailed } from "../../../exit.ts";
import { optionalArgument, optionalIdArgument, switchFlag } from "../../../flags.ts";
import { readDeploymentByName } from "../find-deployment.ts";
import { scheduleText } from "./schedule-text.ts";

interface Verb {
  readonly isActive: boolean;
  readonly present: "pause" | "resume";
  readonly past: "Paused" | "Resumed";
}

export const pause = activation({ isActive: false, present: "pause", past: "Paused" });
export const resume = activation({ isActive: true, present: "resume", past: "Resumed" });

function activation(verb: Verb): Command {
  return command({
    summary: `${verb.isActive ? "Resume" : "Pause"} a schedule of a deployment, or all schedules.`,
    args: {
      deployment_name: optionalArgument("The deployment, as flow/deployment."),
      schedule_id: optionalIdArgument("Id of the schedule."),
    },
    flags: { all: switchFlag("--all", `${verb.isActive ? "Resume" : "Pause"} the schedules of all deployments.`) },
    async run(context, { args: { deployment_name, schedule_id }, flags }) {
      if (flags.all) {
        if (deployment_name !== undefined || schedule_id !== undefined) {
          throw CommandFailed("Cannot specify deployment name or schedule ID with --all");
        }
        return await setAll(context, verb);
      }
      if (deployment_name === undefined || schedule_id === undefined) {
        throw CommandFailed("Must provide deployment name and schedule ID, or use --all");
      }
      const deployment = await readDeploymentByName(context, deployment_name);
      await setOne(context, verb, { deployment, deployment_name, schedule_id });
    },
  });
}

interface OneSchedule {
  readonly deployment: Deployment;
  readonly deployment_name: string;
  readonly schedule_id: string;
}

async function setOne(context: Context, { isActive, past }: Verb, asked: OneSchedule): Promise<void> {
  const { deployment, deployment_name, schedule_id } = asked;
  const schedule = deployment.schedules.find(({ id }) => id === schedule_id);
  if (schedule === undefined) throw CommandFailed("Deployment schedule not found!");
  if (schedule.active === isActive) {
    throw CommandFailed(`Deployment schedule ${schedule_id} is already ${isActive ? "active" : "inactive"}`);
  }
  const client = await context.client();
  await client.deployments.updateSchedule(deployment.id, schedule_id, { active: isActive });
  context.out.success(`${past} schedule ${scheduleText(schedule)} for deployment ${deployment_name}`);
}

async function setAll(context: Context, { isActive, past, present }: Verb): Promise<void> {
  const { out } = context;
  const client = await context.client();
  const deployments = await listAll(context);
  if (deployments.length === 0) return out.success("No deployments found.");
  const found = deployments.flatMap(({ id, name, schedules }) =>
    schedules.filter(({ active }) => active !== isActive).map((schedule) => ({ id, name, schedule })),
  );
  if (found.length === 0) return out.success(`No ${isActive ? "inactive" : "active"} schedules found to ${present}.`);
  const question = `Are you sure you want to ${present} ${found.length} schedule(s) across all deployments?`;
  if (context.isInteractive && !(await context.confirm(question))) throw CommandFailed("Operation cancelled.");

  for (const { id, name, schedule } of found) {
    await client.deployments.updateSchedule(id, schedule.id, { active: isActive });
    out.line(`${past} schedule for deployment ${name}`);
  }

  out.success(`${past} ${found.length} deployment schedule(s).`);
}

async function listAll(context: Context): Promise<readonly Deployment[]> {
  const client = await context.client();
  const all: Deployment[] = [];
  for (;;) {
    const page = await client.deployments.list({ limit: 200, offset: all.length, sort: "NAME_ASC" });
    all.push(...page);
    if (page.length < 200) return all;
  }
}
