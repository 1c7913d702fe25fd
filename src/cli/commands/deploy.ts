import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isObject, type JsonObject } from "../../domain/parameters/json-types.ts";
import { parseJson } from "../../kit/json.ts";
import { command } from "../command.ts";
import { CommandFailed } from "../exit.ts";
import { integerFlag, numbersFlag, onFlag, optionalArgument, switchFlag, textFlag, textsFlag } from "../flags.ts";

export const deploy = command({
  summary: "Create or change deployments of flows.",
  details: `Without options, what prefect.yaml says. A deployment that exists keeps what is not said about it:
an empty list in prefect.yaml takes away, a missing one does not. Paused schedules stay paused.`,
  args: { entrypoint: optionalArgument("The flow: path/to/file.py:flow or path/to/file.ts:flow.") },
  flags: {
    name: textsFlag("-n, --name <name>", "Which to deploy, or the name of a new one; flow/name and * are understood."),
    description: textFlag("-d, --description <text>", "What it is for; that of the flow when left out."),
    versionType: textFlag("--version-type <type>", "Where the version comes from, such as vcs:git or prefect:simple."),
    version: textFlag("--version <version>", "Its version; that of the commit when left out."),
    tag: textsFlag("-t, --tag <tag>", "A tag of its runs; may be repeated."),
    concurrencyLimit: integerFlag("--concurrency-limit <count>", "Most runs at once (-cl).", undefined),
    collisionStrategy: textFlag(
      "--collision-strategy <strategy>",
      "ENQUEUE or CANCEL_NEW, where the limit is reached.",
    ),
    pool: textFlag("-p, --pool <name>", "Its work pool."),
    workQueue: textFlag("-q, --work-queue <name>", "Its work queue."),
    jobVariable: textsFlag("--job-variable <key=value>", "A job variable (-jv), or JSON of several; may be repeated."),
    cron: textsFlag("--cron <expression>", "Run it at the times of a cron expression."),
    interval: numbersFlag("--interval <seconds>", "Run it this often; may be repeated."),
    anchorDate: textFlag("--anchor-date <time>", "Count the intervals from this time."),
    rrule: textsFlag("--rrule <rule>", "Run it at the times of an iCalendar rule."),
    timezone: textFlag("--timezone <name>", "Time zone of its schedules, such as Europe/Paris."),
    trigger: textsFlag("--trigger <json>", "A trigger as JSON, or a .yaml or .json file; may be repeated."),
    param: textsFlag("--param <key=value>", "A parameter, its value JSON or a text; may be repeated."),
    params: textFlag("--params <json>", "All parameters as a JSON object."),
    enforceParameterSchema: onFlag("--enforce-parameter-schema", "Refuse parameters that do not fit."),
    all: switchFlag("--all", "Deploy everything in prefect.yaml."),
    prefectFile: textFlag("--prefect-file <path>", "Another file than prefect.yaml."),
    sla: textsFlag("--sla <json>", "Only Prefect Cloud has these."),
    diff: switchFlag("--diff", "Show what would change, and change nothing."),
  },
  async run(context, { args, flags }) {
    if (flags.sla.length > 0) throw CommandFailed("SLAs are only supported on Prefect Cloud.");
    const { cwd } = context.inputs;
    const { deploy: run } = await import("../deploy/deploy.ts");
    const { trigger } = flags;
    await run(context, {
      names: flags.name,
      isAll: flags.all,
      isDiff: flags.diff,
      file: flags.prefectFile ?? "prefect.yaml",
      triggers:
        trigger.length === 0 ? undefined : (await Promise.all(trigger.map((each) => readTriggers(each, cwd)))).flat(),
      options: {
        entrypoint: args.entrypoint,
        description: flags.description,
        version: flags.version,
        versionType: flags.versionType,
        tags: flags.tag,
        concurrencyLimit: flags.concurrencyLimit,
        collisionStrategy: flags.collisionStrategy,
        workPool: flags.pool,
        workQueue: flags.workQueue,
        jobVariables: flags.jobVariable,
        cron: flags.cron,
        intervalSeconds: flags.interval,
        rrule: flags.rrule,
        anchorDate: flags.anchorDate,
        timezone: flags.timezone,
        param: flags.param,
        params: flags.params,
        enforceParameterSchema: flags.enforceParameterSchema,
      },
    });
  },
});

/** The triggers of one `--trigger`: JSON, or a file with a list called `triggers`. */
async function readTriggers(given: string, cwd: string): Promise<readonly JsonObject[]> {
  try {
    if (!/\.(yaml|yml|json)$/.test(given)) return [objectOf(parseJson(given))];
    const { parseYaml } = await import("../deploy/read-project.ts");
    const file = objectOf(parseYaml(readFileSync(resolve(cwd, given), "utf8")));
    return Array.isArray(file.triggers) ? file.triggers.map(objectOf) : [];
  } catch (error) {
    throw CommandFailed(`The trigger ${given} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function objectOf(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new Error("It is no mapping.");
}
