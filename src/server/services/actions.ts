import { executeActions } from "../automations/actions/execute-actions.ts";
import type { Service } from "../services.ts";

/** Does what automations have to do: at once what fired on this server, within a second what did on others. */
export const automationActions: Service = {
  name: "Actions",
  summary: "Carries out the actions of automations.",
  variable: "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED",
  intervalSeconds: () => 1,
  isEnabled: ({ server }) => server.services.triggers.enabled,
  isWokenBy: (_ctx, events) => events.some(({ event }) => FIRED.has(event)),
  tick: executeActions,
};

const FIRED: ReadonlySet<string> = new Set(["prefect.automation.triggered", "prefect.automation.resolved"]);
