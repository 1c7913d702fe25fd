import type { Db } from "../../db/database.ts";
import {
  deleteDeploymentSchedule,
  listDeploymentSchedules,
  updateDeploymentSchedule,
} from "../../db/repositories/deployment-schedules.ts";
import { findDeployment } from "../../db/repositories/deployments.ts";
import { deleteScheduledRuns } from "../../db/repositories/scheduled-runs.ts";
import * as s from "../../kit/schema/schema.ts";
import { DeploymentSchedule, DeploymentScheduleCreate, DeploymentScheduleUpdate } from "../../schemas/deployment.ts";
import { DeploymentToChangeNotFound, ScheduleNotFound, ScheduleSlugTaken } from "../errors.ts";
import { addSchedules, forgetScheduledRuns, scheduleChanges } from "../orchestration/deployment-schedules.ts";
import { type Route, route } from "../route.ts";
import { deploymentScheduleView } from "../views/deployment.ts";

const tag = "Deployments";

export const deploymentScheduleRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/deployments/{id:uuid}/schedules",
    operationId: "read_deployment_schedules_deployments__id__schedules_get",
    tag,
    summary: "List the schedules of a deployment.",
    response: s.array(DeploymentSchedule),
    async handle(ctx, { params }) {
      await checkDeployment(ctx.db.read, params.id);
      return (await listDeploymentSchedules(ctx.db.read, [params.id])).map(deploymentScheduleView);
    },
  }),

  route({
    method: "POST",
    path: "/deployments/{id:uuid}/schedules",
    operationId: "create_deployment_schedules_deployments__id__schedules_post",
    tag,
    summary: "Add schedules to a deployment.",
    body: s.array(DeploymentScheduleCreate),
    status: 201,
    response: s.array(DeploymentSchedule),
    async handle(ctx, { params, body }) {
      const { id } = params;
      return await ctx.db.write(async (tx) => {
        await checkDeployment(tx, id);
        checkSlugs([...(await listDeploymentSchedules(tx, [id])), ...body]);
        const made = await addSchedules(ctx, tx, { deployment_id: id, schedules: body });
        const rows = new Map((await listDeploymentSchedules(tx, [id])).map((row) => [row.id, row]));
        return made.flatMap((each) => rows.get(each) ?? []).map(deploymentScheduleView);
      });
    },
  }),

  route({
    method: "PATCH",
    path: "/deployments/{id:uuid}/schedules/{schedule_id:uuid}",
    operationId: "update_deployment_schedule_deployments__id__schedules__schedule_id__patch",
    tag,
    summary: "Change what is named of a schedule; the runs it made ahead are deleted.",
    body: DeploymentScheduleUpdate,
    status: 204,
    async handle(ctx, { params, body }) {
      const key = { deployment_id: params.id, id: params.schedule_id ?? "" };
      await ctx.db.write(async (tx) => {
        await checkDeployment(tx, params.id);
        if (!(await updateDeploymentSchedule(tx, key, scheduleChanges(ctx, body)))) throw ScheduleNotFound();
        await forgetScheduledRuns(ctx, tx, params.id);
      });
    },
  }),

  route({
    method: "DELETE",
    path: "/deployments/{id:uuid}/schedules/{schedule_id:uuid}",
    operationId: "delete_deployment_schedule_deployments__id__schedules__schedule_id__delete",
    tag,
    summary: "Delete a schedule and all runs of the deployment that were made ahead.",
    status: 204,
    async handle(ctx, { params }) {
      const key = { deployment_id: params.id, id: params.schedule_id ?? "" };
      await ctx.db.write(async (tx) => {
        await checkDeployment(tx, params.id);
        if (!(await deleteDeploymentSchedule(tx, key))) throw ScheduleNotFound();
        await deleteScheduledRuns(tx, { deployment_id: params.id, autoScheduledOnly: true });
      });
    },
  }),
];

async function checkDeployment(db: Db, id: string): Promise<void> {
  if (!(await findDeployment(db, id))) throw DeploymentToChangeNotFound();
}

function checkSlugs(schedules: readonly { readonly slug?: string | null }[]): void {
  const slugs = schedules.flatMap(({ slug }) => slug ?? []);
  if (new Set(slugs).size < slugs.length) throw ScheduleSlugTaken();
}
