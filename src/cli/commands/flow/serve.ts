import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { argument, integerFlag, numberFlag, onFlag, textFlag, textsFlag } from "../../flags.ts";
import { prepareUserCode, requireCode } from "../../user-code/prepare.ts";

const flags = {
  name: textFlag("-n, --name <name>", "Name of the deployment (required)."),
  description: textFlag("-d, --description <text>", "Its description; that of the flow when left out."),
  version: textFlag("-v, --version <version>", "Its version."),
  tag: textsFlag("-t, --tag <tag>", "A tag of its runs; may be repeated."),
  cron: textFlag("--cron <expression>", "Run it at the times of this cron expression."),
  interval: numberFlag("--interval <seconds>", "Run it this often."),
  anchorDate: textFlag("--anchor-date <time>", "Count the intervals from this time."),
  rrule: textFlag("--rrule <rule>", "Run it at the times of this iCalendar rule."),
  timezone: textFlag("--timezone <name>", "Time zone of the schedule, such as Europe/Paris."),
  pauseOnShutdown: onFlag("--pause-on-shutdown", "Stop its schedules when this process ends."),
  limit: integerFlag("--limit <count>", "Most runs at once in this process.", undefined),
  globalLimit: integerFlag("--global-limit <count>", "Most runs at once in all processes.", undefined),
} as const;

export const serve = command({
  summary: "Serve a flow: make a deployment and carry out its runs here.",
  args: { entrypoint: argument("The flow, as path/to/file.ts:exportName.") },
  flags,
  async run(context, { args, flags: given }) {
    const { name, limit } = given;
    if (name === undefined) throw CommandFailed("--name is missing: it names the deployment.");
    requireCode(args.entrypoint, context.inputs.cwd);
    prepareUserCode(context);
    context.leaveSignals();
    const { loadEntrypoint } = await import("../../../sdk/deployments/load-entrypoint.ts");
    const { serve: serveDeployments } = await import("../../../sdk/deployments/serve.ts");
    const definition = await loadEntrypoint(args.entrypoint, context.inputs.cwd);
    const options = withoutUndefined({
      name,
      description: given.description,
      version: given.version,
      tags: given.tag,
      cron: given.cron,
      intervalSeconds: given.interval,
      anchorDate: given.anchorDate,
      rrule: given.rrule,
      timezone: given.timezone,
      concurrencyLimit: given.globalLimit,
    });

    const { pauseOnShutdown } = given;
    await serveDeployments({ definition, options }, { pauseOnShutdown, ...(limit !== undefined && { limit }) });
  },
});

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<T>;
}
