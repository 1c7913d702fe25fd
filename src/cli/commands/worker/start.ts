import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "../../command.ts";
import { openClient } from "../../connect.ts";
import type { Context } from "../../context.ts";
import { CommandFailed, UsageInvalid } from "../../exit.ts";
import { type Flag, integerFlag, onFlag, switchFlag, textFlag, textsFlag } from "../../flags.ts";
import { openLogger } from "../../logger.ts";
import { openWorker } from "../../worker/open-worker.ts";
import { resolveType } from "../../worker/resolve-type.ts";
import { drainUntilForced, untilToldToStop } from "../../worker/until-told-to-stop.ts";

const POLICIES = ["always", "if-not-present", "never", "prompt"];

const installPolicyFlag: Flag<string> = {
  syntax: "--install-policy <policy>",
  doc: "Accepted for compatibility: every type of worker there is comes with this package.",
  fallback: "prompt",
  kind: "value",
  parse(raw) {
    if (POLICIES.includes(raw)) return raw;
    throw UsageInvalid(`Invalid value for --install-policy: '${raw}' is not one of ${POLICIES.join(", ")}.`);
  },
};

const flags = {
  name: textFlag("-n, --name <name>", "The worker's name; one is made up when left out."),
  pool: textFlag("-p, --pool <name>", "The work pool to take runs from."),
  queues: textsFlag("-q, --work-queue <name>", "A work queue to take runs from, all when left out; may be repeated."),
  type: textFlag("-t, --type <type>", "The type of worker; that of the pool when left out."),
  prefetchSeconds: integerFlag(
    "--prefetch-seconds <seconds>",
    "How far ahead of their time runs are taken.",
    undefined,
  ),
  runOnce: switchFlag("--run-once", "Take the runs that are due, carry them out, and end."),
  limit: integerFlag("-l, --limit <count>", "Most runs at once.", undefined),
  withHealthcheck: switchFlag("--with-healthcheck", "Tell at /health whether the worker takes runs."),
  installPolicy: installPolicyFlag,
  baseJobTemplate: textFlag("--base-job-template <file>", "JSON file with the template of a pool that is made."),
  makesPool: onFlag("--create-pool-if-not-found", "Make the pool when it is not there."),
} as const;

export const start = command({
  summary: "Start a worker, which carries out the runs of a work pool.",
  details: "Ctrl-C or SIGTERM lets the runs under way end; a second one ends them.",
  flags,
  async run(context, { flags: given }) {
    const { settings, inputs, out } = context;
    const poolName = given.pool ?? (await askForPool(context));
    const baseJobTemplate = readTemplate(given.baseJobTemplate, inputs.cwd);
    using client = openClient(settings);
    let isHealthy = () => true;
    await using _health = given.withHealthcheck ? await openHealth(context, () => isHealthy()) : undefined;
    const type = await resolveType(client, { poolName, queues: given.queues, type: given.type }, out);
    const name = given.name ?? `Worker ${randomUUID()}`;
    await using worker = await openWorker(context, {
      name,
      client,
      log: await openLogger("prefect.worker", settings.worker.debug_mode ? "DEBUG" : settings.logging.level),
      wish: { name: poolName, type, baseJobTemplate, isMade: given.makesPool },
      queues: given.queues,
      limit: given.limit,
      prefetchSeconds: given.prefetchSeconds ?? settings.worker.prefetch_seconds,
    });
    isHealthy = worker.isHealthy;
    out.line(`Worker '${name}' started!`);
    if (given.runOnce) {
      context.leaveSignals();
      await worker.looked;
      await drainUntilForced(worker);
    } else await untilToldToStop(context, worker);
    out.line(`Worker '${name}' stopped!`);
  },
});

async function askForPool(context: Context): Promise<string> {
  if (context.isInteractive) return await context.ask("Work pool name");
  throw CommandFailed("Missing required option '--pool' / '-p'.");
}

function readTemplate(file: string | undefined, cwd: string): object | undefined {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(resolve(cwd, file), "utf8")) as object;
  } catch (error) {
    throw CommandFailed(`The base job template ${file} cannot be read: ${(error as Error).message}`);
  }
}

async function openHealth({ settings, out }: Context, isHealthy: () => boolean): Promise<AsyncDisposable> {
  const { startHealthServer } = await import("../../../workers/health-server.ts");
  const { host, port } = settings.worker.webserver;
  const server = await startHealthServer({ host, port }, isHealthy);
  out.line(`Health check at http://${host}:${server.port}/health`);
  return server;
}
