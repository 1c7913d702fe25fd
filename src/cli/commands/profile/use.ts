import { ApiUnauthorized } from "../../../client/index.ts";
import { shownUrl } from "../../../kit/shown-url.ts";
import { activateProfile, isConnectedToCloud, resolveSettings, type Settings } from "../../../settings/index.ts";
import { command } from "../../command.ts";
import { openClient } from "../../connect.ts";
import { CommandFailed } from "../../exit.ts";
import { argument } from "../../flags.ts";
import { saveProfiles } from "../../profiles-store.ts";

const CHECK_TIMEOUT_SECONDS = 3;

export const use = command({
  summary: "Make a profile the active one, and check its connection.",
  args: { name: argument("Name of the profile.") },
  async run(context, { args: { name } }) {
    saveProfiles(context, activateProfile(context.resolved.profiles, name));

    context.out.line("Checking API connectivity...");
    const { settings } = resolveSettings({ ...context.inputs, profile: { name, isAbove: false } });
    const { isGood, text } = await checkConnection(settings);

    if (!isGood) throw CommandFailed(`${text.replace("{}", `profile '${name}'`)} The profile is active nevertheless.`);
    context.out.success(text.replace("{}", `profile '${name}'`));
  },
});

interface Verdict {
  readonly isGood: boolean;
  /** With `{}` for the profile. */
  readonly text: string;
}

async function checkConnection(settings: Settings): Promise<Verdict> {
  if (!settings.api.url) {
    return settings.server.ephemeral.enabled
      ? { isGood: true, text: "No Prefect server specified using {} - the API will run in ephemeral mode." }
      : {
          isGood: false,
          text: "Prefect server URL not configured using {} - set PREFECT_API_URL or enable ephemeral mode.",
        };
  }
  const quick = withShortTimeouts(settings);
  return isConnectedToCloud(settings) ? checkCloud(quick) : checkServer(quick);
}

function withShortTimeouts(settings: Settings): Settings {
  return {
    ...settings,
    api: { ...settings.api, request_timeout: CHECK_TIMEOUT_SECONDS },
    client: { ...settings.client, max_retries: 0 },
  };
}

async function checkServer(settings: Settings): Promise<Verdict> {
  using client = await openClient(settings);
  if (await client.admin.isHealthy()) return { isGood: true, text: "Connected to Prefect server using {}" };
  return { isGood: false, text: `Error connecting to Prefect server at ${shownUrl(settings.api.url ?? "")} using {}.` };
}

async function checkCloud(settings: Settings): Promise<Verdict> {
  const api = { ...settings.api, url: settings.cloud.api_url };
  using client = await openClient({ ...settings, api });
  try {
    await client.http.get("/me/workspaces");
    return { isGood: true, text: "Connected to Prefect Cloud using {}" };
  } catch (error) {
    if (ApiUnauthorized.is(error)) {
      return { isGood: false, text: "Error authenticating with Prefect Cloud using {}: check PREFECT_API_KEY." };
    }
    return { isGood: false, text: "Error connecting to Prefect Cloud using {}." };
  }
}
