import { activateProfile, addProfile, type Profiles, updateProfile } from "../settings/index.ts";
import type { Context } from "./context.ts";
import { saveProfiles } from "./profiles-store.ts";

const API_URL = "PREFECT_API_URL";

/**
 * Sees to it that clients find the server at `apiUrl`, when the current profile names no API: switches to the profile
 * that names this one, or asks which profile to make or change.
 */
export async function pointProfileAt(context: Context, apiUrl: string): Promise<void> {
  const { profile, profiles } = context.resolved;
  if (API_URL in profile.values) return;
  const matching = [...profiles.byName].filter(([, values]) => values[API_URL] === apiUrl).map(([name]) => name);
  const [first] = matching.sort();
  if (first === undefined) return askForProfile(context, apiUrl);
  const chosen =
    matching.length === 1 ? first : await choose(context, "Which profile would you like to use?", matching);
  saveProfiles(context, activateProfile(profiles, chosen));
  context.out.success(`Switched to profile '${chosen}'`);
}

async function askForProfile(context: Context, apiUrl: string): Promise<void> {
  const { out, resolved } = context;
  const { profile, profiles } = resolved;
  out.warn(`Profile '${profile.name}' names no ${API_URL}. Clients need it to find the server at ${apiUrl}.`);
  const create = "Create a profile with it, and switch to that";
  const set = `Set it in the profile '${profile.name}'`;
  const choice = await choose(context, "How would you like to proceed?", [create, set, "Go on without"]);
  if (choice === create) {
    const name = await askForNewName(context, profiles);
    saveProfiles(context, activateProfile(addProfile(profiles, name, { [API_URL]: apiUrl }), name));
    return out.success(`Switched to new profile '${name}'`);
  }
  if (choice !== set) return;
  const url = await context.ask(`The value of ${API_URL}`, apiUrl);
  saveProfiles(context, updateProfile(profiles, profile.name, { [API_URL]: url }));
  out.success(`Set ${API_URL} to '${url}' in the profile '${profile.name}'`);
}

async function askForNewName(context: Context, profiles: Profiles): Promise<string> {
  for (;;) {
    const name = await context.ask("Enter a new profile name");
    if (!profiles.byName.has(name)) return name;
    context.out.error(`Profile '${name}' already exists. Please choose a different name.`);
  }
}

async function choose(context: Context, question: string, choices: readonly string[]): Promise<string> {
  context.out.line(question);
  for (const [index, choice] of choices.entries()) context.out.line(`  ${index + 1}) ${choice}`);
  for (;;) {
    const chosen = choices[Number(await context.ask("Number", "1")) - 1];
    if (chosen !== undefined) return chosen;
  }
}
