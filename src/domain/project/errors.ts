import { defineError } from "../../kit/errors.ts";

export const DeployOptionInvalid = defineError(
  "DEPLOY_OPTION_INVALID",
  422,
  (option: string, why: string) => `The option ${option} is not valid: ${why}`,
);

export const ScheduleConfigInvalid = defineError(
  "SCHEDULE_CONFIG_INVALID",
  422,
  (why: string) => `A schedule of the deployment is not valid: ${why}`,
);

export const TriggerConfigInvalid = defineError(
  "TRIGGER_CONFIG_INVALID",
  422,
  (why: string) => `A trigger of the deployment is not valid: ${why}`,
);

export const DeploymentConfigInvalid = defineError(
  "DEPLOYMENT_CONFIG_INVALID",
  422,
  (problems: readonly string[]) => `The deployment is not valid: ${problems.join("; ")}`,
);
