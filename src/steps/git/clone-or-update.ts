import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RepositoryInTheWay } from "../errors.ts";
import { type CommandOutput, runCommand, runOrThrow } from "../run-command.ts";
import { withoutCredentials } from "./git-credentials.ts";

/** What to clone, and where; every part has been checked. */
export interface GitClone {
  readonly url: string;
  readonly branch: string | null;
  readonly commitSha: string | null;
  readonly includeSubmodules: boolean;
  /** Only these, when there are any. */
  readonly directories: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Leaves `folder` a clone at the newest commit of the branch, or at the given one. */
export async function cloneOrUpdate(clone: GitClone): Promise<void> {
  if (!existsSync(join(clone.folder, ".git"))) return await cloneAnew(clone);
  const existing = (await inClone(clone, "config", "--get", "remote.origin.url")).stdout.trim();
  if (withoutCredentials(existing) !== clone.url) throw RepositoryInTheWay(clone.folder, existing, clone.url);
  try {
    await update(clone);
  } catch {
    await rm(clone.folder, { recursive: true, force: true });
    await cloneAnew(clone);
  }
}

async function update(clone: GitClone): Promise<void> {
  const { commitSha, branch, directories } = clone;
  if (directories.length > 0) await inClone(clone, "sparse-checkout", "set", "--", ...directories);
  if (commitSha !== null) {
    if (!(await hasCommit(clone, commitSha))) await inClone(clone, "fetch", "origin", "--", commitSha);
    await inClone(clone, "checkout", "--quiet", "--detach", commitSha);
  } else {
    await inClone(clone, "fetch", "--depth", "1", "origin", "--", branch ?? "HEAD");
    await inClone(clone, "reset", "--keep", "FETCH_HEAD");
  }
  await updateSubmodules(clone);
}

async function cloneAnew(clone: GitClone): Promise<void> {
  const { commitSha, branch, includeSubmodules, directories } = clone;
  const what =
    commitSha === null
      ? [...(branch === null ? [] : ["--branch", branch]), "--depth", "1"]
      : ["--filter=blob:none", "--no-checkout"];
  const options = [
    ...what,
    ...(includeSubmodules && commitSha === null ? ["--recurse-submodules"] : []),
    ...(directories.length > 0 ? ["--sparse"] : []),
  ];
  const context = { directory: dirname(clone.folder), env: clone.env };
  await runOrThrow(["git", "clone", "--quiet", ...options, "--", clone.url, clone.folder], context);
  if (commitSha !== null) {
    if (!(await hasCommit(clone, commitSha))) await inClone(clone, "fetch", "origin", "--", commitSha);
    await inClone(clone, "checkout", "--quiet", "--detach", commitSha);
    await updateSubmodules(clone);
  }
  if (directories.length > 0) await inClone(clone, "sparse-checkout", "set", "--", ...directories);
}

async function updateSubmodules(clone: GitClone): Promise<void> {
  if (clone.includeSubmodules) await inClone(clone, "submodule", "update", "--init", "--recursive");
}

async function hasCommit(clone: GitClone, commitSha: string): Promise<boolean> {
  const context = { directory: clone.folder, env: clone.env };
  return (await runCommand(["git", "cat-file", "-e", `${commitSha}^{commit}`], context)).code === 0;
}

function inClone(clone: GitClone, ...args: readonly string[]): Promise<CommandOutput> {
  return runOrThrow(["git", ...args], { directory: clone.folder, env: clone.env });
}
