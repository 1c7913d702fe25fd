import type { Settings } from "../../../../settings/index.ts";
import { command } from "../../../command.ts";
import { outputFlag } from "../../../flags.ts";

interface Part {
  readonly name: string;
  /** The variable that switches it. */
  readonly variable: string;
  readonly isEnabled: (server: Settings["server"]) => boolean;
  readonly description: string;
}

/** What Python's Prefect calls services, too, and what is a part of this server. */
const PARTS: readonly Part[] = [
  {
    name: "TaskRunRecorder",
    variable: "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED",
    isEnabled: () => true,
    description: "Turns the events of clients into task runs and their states.",
  },
  {
    name: "EventLogger",
    variable: "PREFECT_SERVER_SERVICES_EVENT_LOGGER_ENABLED",
    isEnabled: ({ services }) => services.event_logger.enabled,
    description: "Logs every event, to find errors.",
  },
  {
    name: "EventPersister",
    variable: "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED",
    isEnabled: () => true,
    description: "Stores events in the database.",
  },
  {
    name: "Distributor",
    variable: "PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED",
    isEnabled: ({ events }) => events.stream_out_enabled,
    description: "Passes events on to those who listen.",
  },
  {
    name: "LogDistributor",
    variable: "PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED",
    isEnabled: ({ logs }) => logs.stream_out_enabled,
    description: "Passes logs on to those who listen.",
  },
];

export const ls = command({
  summary: "List the services of a server and whether they are switched on.",
  flags: { output: outputFlag },
  async run({ out, settings }, { flags }) {
    const services = [...PARTS.map((part) => partRow(part, settings)), ...(await serviceRows(settings))];
    if (flags.output === "json") return out.json(services);
    for (const { name, enabled, environment_variable, description } of services) {
      out.line(
        `${enabled ? out.style("green", "✓") : out.style("dim", "x")} ${out.style("bold", name)}: ${description}`,
      );
      if (environment_variable !== null) out.line(out.style("dim", `    ${environment_variable}`));
    }
  },
});

const partRow = ({ name, isEnabled, variable, description }: Part, { server }: Settings) => ({
  name,
  enabled: isEnabled(server),
  environment_variable: variable,
  description,
});

async function serviceRows(settings: Settings) {
  const { services } = await import("../../../../server/services/all.ts");
  return services.map((service) => ({
    name: service.name,
    enabled: service.isEnabled(settings),
    environment_variable: service.variable ?? null,
    description: service.summary,
  }));
}
