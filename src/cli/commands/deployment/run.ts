import { text } from "node:stream/consumers";
import { isObject, type JsonObject } from "../../../domain/parameters/json-types.ts";
import { pythonText } from "../../../domain/placeholders/python-text.ts";
import { systemClock } from "../../../kit/clock.ts";
import { parseJson } from "../../../kit/json.ts";
import { timestampFromMs } from "../../../kit/timestamp.ts";
import type { DeploymentResponse as Deployment } from "../../../schemas/deployment.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { integerFlag, optionalArgument, switchFlag, textFlag, textsFlag } from "../../flags.ts";
import { parseJsonValues } from "../../json-values.ts";
import { parseStartAt, parseStartIn } from "../../parse-start-time.ts";
import { relativeTime } from "../../relative-time.ts";
import { readDeployment } from "./find-deployment.ts";
import { watchFlowRun } from "./watch-flow-run.ts";

export const run = command({
  summary: "Create a run of a deployment.",
  args: { name: optionalArgument("The deployment, as flow/deployment.") },
  flags: {
    id: textFlag("--id <id>", "The deployment's id, in place of its name."),
    jobVariable: textsFlag("--job-variable <key=value>", "A job variable (-jv), its value JSON; may be repeated."),
    param: textsFlag("-p, --param <key=value>", "A parameter, its value JSON or a text; may be repeated."),
    params: textFlag("--params <json>", "All parameters as a JSON object; `-` reads it from standard input."),
    startIn: textFlag("--start-in <time>", "Start after a while, such as '5 minutes'."),
    startAt: textFlag("--start-at <time>", "Start at a time, such as '5:30pm' or '2030-08-01 17:30' (UTC)."),
    tag: textsFlag("--tag <tag>", "A tag of the run; may be repeated."),
    watch: switchFlag("--watch", "Wait for the end; the exit code is 0 when the run was completed."),
    watchInterval: integerFlag("--watch-interval <seconds>", "How often to look; 1 when left out.", undefined),
    watchTimeout: integerFlag("--watch-timeout <seconds>", "Wait no longer than this.", undefined),
    flowRunName: textFlag("--flow-run-name <name>", "Name of the run; {parameter} stands for a parameter."),
  },
  async run(context, { args: { name }, flags }) {
    const { out, settings } = context;
    const nowMs = systemClock().nowMs();
    const startMs = startTime(flags, nowMs);
    const parameters = await readParameters(flags, out.line);
    const job_variables = parseJsonValues(flags.jobVariable, "job variable");
    const deployment = await readDeployment(context, name, flags.id);
    refuseUnknown(deployment, parameters);
    const client = await context.client();
    const flow = await client.flows.read(deployment.flow_id);
    out.line(`Creating flow run for deployment '${flow.name}/${deployment.name}'...`);

    const created = await client.deployments.createFlowRun(deployment.id, {
      parameters,
      job_variables,
      tags: flags.tag,
      state: { type: "SCHEDULED", state_details: { scheduled_time: timestampFromMs(startMs) } },
      ...(flags.flowRunName && { name: filledName(flags.flowRunName, { ...deployment.parameters, ...parameters }) }),
    });

    const start = startMs === nowMs ? "now" : relativeTime(startMs, nowMs);
    out.line(`Created flow run '${created.name}'.`);
    out.line(`└── UUID: ${created.id}`);
    out.line(`└── Parameters: ${JSON.stringify(created.parameters)}`);
    out.line(`└── Job Variables: ${JSON.stringify(created.job_variables)}`);
    out.line(`└── Scheduled start time: ${localTime(startMs)} (${start})`);
    const url = settings.ui_url ? `${settings.ui_url}/runs/flow-run/${created.id}` : "<no dashboard available>";
    out.line(`└── URL: ${url}`);
    if (flags.watch) await watchFlowRun(context, created.id, flags);
  },
});

interface StartFlags {
  readonly startIn: string | undefined;
  readonly startAt: string | undefined;
}

function startTime({ startIn, startAt }: StartFlags, nowMs: number): number {
  if (startIn !== undefined && startAt !== undefined) {
    throw CommandFailed("Only one of `--start-in` or `--start-at` can be set, not both.");
  }
  if (startIn === undefined && startAt === undefined) return nowMs;
  const found = startIn === undefined ? parseStartAt(startAt ?? "", nowMs) : parseStartIn(startIn, nowMs);
  if (found === undefined) throw CommandFailed(`Unable to parse scheduled start time '${startIn ?? startAt}'.`);
  return found;
}

interface ParameterFlags {
  readonly param: readonly string[];
  readonly params: string | undefined;
}

async function readParameters({ param, params }: ParameterFlags, tell: (line: string) => void): Promise<JsonObject> {
  const all = params === undefined ? {} : parseParameters(params === "-" ? await text(process.stdin) : params);
  const single = parseJsonValues(param, "parameter");
  const both = Object.keys(single).filter((key) => key in all);
  if (both.length > 0) {
    tell(`Given with \`--param\` and \`--params\`, the value of \`--param\` is used: ${both.join(", ")}`);
  }
  return { ...all, ...single };
}

function parseParameters(json: string): JsonObject {
  if (json === "") throw CommandFailed("No data passed to stdin");
  try {
    const value = parseJson(json);
    if (isObject(value)) return value;
  } catch (error) {
    throw CommandFailed(`Failed to parse JSON: ${(error as Error).message}`);
  }
  throw CommandFailed("Failed to parse JSON: the parameters must be an object.");
}

function refuseUnknown({ parameter_openapi_schema }: Deployment, parameters: JsonObject): void {
  const properties = parameter_openapi_schema?.properties;
  const known = isObject(properties) ? Object.keys(properties) : [];
  const unknown = Object.keys(parameters).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  const available =
    known.length === 0 ? "This deployment does not accept parameters." : `It takes these: ${known.join(", ")}`;
  throw CommandFailed(`The deployment has no parameters of these names: ${unknown.join(", ")}\n${available}`);
}

function filledName(template: string, parameters: JsonObject): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (written, name: string | undefined) => {
    if (name === undefined) return written.slice(1);
    if (name in parameters) return pythonText(parameters[name]);
    throw CommandFailed(`Missing parameter for flow run name: '${name}' is undefined`);
  });
}

function localTime(timeMs: number): string {
  return new Date(timeMs).toLocaleString("sv-SE", { timeZoneName: "short" });
}
