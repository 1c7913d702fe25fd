import type { JsonObject } from "../../domain/parameters/json-types.ts";
import { withoutCredentials } from "../../steps/git/git-credentials.ts";
import { choose } from "../choose.ts";
import type { Context } from "../context.ts";
import { git } from "./git.ts";

/** Asks where workers get the code; undefined for this very folder. */
export async function askPullSteps(context: Context): Promise<readonly JsonObject[] | undefined> {
  const { cwd, env } = context.inputs;
  const place = { directory: cwd, env };
  const remote = await git(place, "config", "--get", "remote.origin.url");
  const where = await choose("Where will workers get the code?", [
    { value: "here", label: "This folder", hint: "for workers on this machine, or an image with the code in it" },
    { value: "git", label: "A git repository" },
  ]);
  if (where === "here") return undefined;
  const repository = await context.ask("Repository", remote === undefined ? undefined : withoutCredentials(remote));
  const current = await git(place, "rev-parse", "--abbrev-ref", "HEAD");
  const branch = await context.ask("Branch", current ?? "main");
  const isPrivate = await context.confirm("Is it a private repository?");
  const token = isPrivate ? await context.ask("Name of the Secret block with the token") : undefined;
  const access_token = token === undefined ? {} : { access_token: `{{ prefect.blocks.secret.${token} }}` };
  return [{ "prefect.deployments.steps.git_clone": { repository, branch, ...access_token } }];
}
