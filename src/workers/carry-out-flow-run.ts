import { ApiNotFound } from "../client/index.ts";
import { untilAnswered } from "../client/until-answered.ts";
import { exitMessage } from "../runner/exit-message.ts";
import { reportCrash } from "../runner/supervise-flow-run.ts";
import type { DeploymentResponse as Deployment } from "../schemas/deployment.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import { apiReferences } from "../steps/api-references.ts";
import type { WorkerContext } from "./context.ts";
import type { Infrastructure, Job, JobEnd, JobOptions } from "./infrastructure.ts";
import { resolveJobConfiguration } from "./job-configuration.ts";
import { runEnvironment } from "./run-environment.ts";
import { runLogger } from "./run-logger.ts";
import { emitExecuted, emitSubmitted } from "./worker-events.ts";

export interface CarryOutOptions {
  readonly infrastructure: Infrastructure;
  /** Settings of the worker that its runs have, too, as environment variables. */
  readonly settingsEnv: Readonly<Record<string, string>>;
}

/** Takes a claimed run to its end. What goes wrong leaves the run CRASHED with the reason; it is not thrown. */
export async function carryOutFlowRun(
  ctx: WorkerContext,
  options: CarryOutOptions,
  { run, stop }: { readonly run: FlowRun; readonly stop: AbortSignal },
): Promise<void> {
  const log = runLogger(ctx, run);
  log.info(`Worker '${ctx.identity.name}' submitting flow run '${run.id}'`);
  try {
    const job = await prepare(ctx, options, run);
    if (job === undefined || !(await proposeSubmitting(ctx, run))) return;
    const submitted = emitSubmitted(ctx, job);
    const end = await start(ctx, options.infrastructure, { job, stop });
    if (end.status !== 0) log.warn(exitMessage(end.status));
    emitExecuted(ctx, job, { submitted, end });
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    log.error(`Failed to submit flow run '${run.name}' to infrastructure. ${reason}`);
    await reportCrash(ctx.client, { id: run.id, message: `Failed to submit flow run to infrastructure: ${reason}` });
  }
}

/** Undefined when the deployment is gone: then the run is CANCELLED. */
async function prepare(ctx: WorkerContext, options: CarryOutOptions, run: FlowRun): Promise<Job | undefined> {
  const { client, identity } = ctx;
  const [deployment, flow] = await Promise.all([
    findDeployment(ctx, run.deployment_id),
    untilAnswered(() => client.flows.read(run.flow_id)),
    labelRun(ctx, run),
  ]);
  if (run.deployment_id !== null && !deployment) {
    const message = `Deployment ${run.deployment_id} no longer exists, cancelled run.`;
    await untilAnswered(() => client.flowRuns.setState(run.id, { type: "CANCELLED", message }, { force: true }));
    return undefined;
  }
  const configuration = await resolveJobConfiguration(
    {
      template: ctx.pool()?.base_job_template ?? {},
      deploymentVariables: deployment?.job_variables ?? {},
      runVariables: run.job_variables ?? {},
    },
    apiReferences(client),
  );
  const facts = { run, flow, deployment, workerName: identity.name };
  return { run, flow, deployment, configuration, env: runEnvironment(facts, options.settingsEnv, configuration.env) };
}

async function findDeployment(ctx: WorkerContext, id: string | null): Promise<Deployment | undefined> {
  if (id === null) return undefined;
  try {
    return await untilAnswered(() => ctx.client.deployments.read(id));
  } catch (error) {
    if (ApiNotFound.is(error)) return undefined;
    throw error;
  }
}

/** Says on the run who carries it out. A run without these labels runs as well. */
async function labelRun({ client, identity, pool, log }: WorkerContext, run: FlowRun): Promise<void> {
  const found = pool();
  const ofPool = found ? { "prefect.work-pool.name": found.name, "prefect.work-pool.id": found.id } : {};
  const labels = { "prefect.worker.name": identity.name, "prefect.worker.type": identity.type, ...ofPool };
  await client.flowRuns
    .updateLabels(run.id, labels)
    .catch((error: unknown) => log.warn({ err: error, flowRunId: run.id }, "A flow run could not be labelled"));
}

/** False when the run is not wanted any more: somebody has cancelled or deleted it since it was claimed. */
async function proposeSubmitting({ client }: WorkerContext, run: FlowRun): Promise<boolean> {
  try {
    const { state } = await untilAnswered(() =>
      client.flowRuns.setState(run.id, { type: "PENDING", name: "Submitting" }),
    );
    return state?.type === "PENDING";
  } catch (error) {
    if (ApiNotFound.is(error)) return false;
    throw error;
  }
}

async function start(
  ctx: WorkerContext,
  infrastructure: Infrastructure,
  { job, stop }: { readonly job: Job; readonly stop: AbortSignal },
): Promise<JobEnd> {
  const { client, log } = ctx;
  const { id, name } = job.run;
  const onStarted: JobOptions["onStarted"] = (identifier) => {
    runLogger(ctx, job.run).info(`Flow run '${name}' submitted to infrastructure`);
    untilAnswered(() => client.flowRuns.update(id, { infrastructure_pid: identifier })).catch((error: unknown) =>
      log.warn({ err: error, flowRunId: id }, "It could not be noted where a flow run is"),
    );
  };
  return await infrastructure.run(job, { stop, onStarted });
}
