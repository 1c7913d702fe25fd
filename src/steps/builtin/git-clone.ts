import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as s from "../../kit/schema/schema.ts";
import { checkGitInputs } from "../git/check-git-inputs.ts";
import { cloneOrUpdate, type GitClone } from "../git/clone-or-update.ts";
import { gitCredentials, withoutCredentials } from "../git/git-credentials.ts";
import { step } from "../step.ts";

const orNothing = <T>(schema: s.Schema<T>) => s.defaulted(s.nullable(schema), null);

const Inputs = s.object(
  "GitCloneInputs",
  {
    repository: s.string(),
    branch: orNothing(s.string()),
    commit_sha: orNothing(s.string()),
    include_submodules: s.defaulted(s.boolean(), false),
    access_token: orNothing(s.string()),
    credentials: orNothing(s.record(s.json())),
    directories: orNothing(s.array(s.string())),
    clone_directory_name: orNothing(s.string()),
  },
  { extra: "forbid" },
);

const RETRY_DELAYS_MS = [1000, 2000];

/** Clones a git repository into the working directory, or brings the clone that is there up to date. */
export const gitClone = step("git_clone", Inputs, async (inputs, context) => {
  checkGitInputs(inputs);
  const token = inputs.access_token ? { access_token: inputs.access_token } : undefined;
  const name = inputs.clone_directory_name ?? defaultName(inputs.repository, inputs.branch);
  const clone: GitClone = {
    url: withoutCredentials(inputs.repository),
    branch: inputs.branch,
    commitSha: inputs.commit_sha,
    includeSubmodules: inputs.include_submodules,
    directories: inputs.directories ?? [],
    folder: join(context.directory, name),
    env: { ...context.env, ...gitCredentials(inputs.repository, token ?? inputs.credentials ?? undefined) },
  };
  await withRetries(() => cloneOrUpdate(clone));
  return { outputs: { directory: name } };
});

function defaultName(repository: string, branch: string | null): string {
  const last = repository.split(/[?#]/)[0]?.split("/").at(-1) ?? "";
  const name = last.replace(".git", "");
  return branch ? `${name}-${branch.replaceAll("/", "-")}` : name;
}

async function withRetries(run: () => Promise<void>): Promise<void> {
  for (const delayMs of RETRY_DELAYS_MS) {
    try {
      return await run();
    } catch {
      await delay(delayMs);
    }
  }
  return await run();
}
