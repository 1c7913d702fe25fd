import type { JsonObject } from "../../domain/parameters/json-types.ts";
import { withoutCredentials } from "../../steps/git/git-credentials.ts";
import { CommandFailed } from "../exit.ts";
import { type GitPlace, git } from "./git.ts";

/** Where a deployment's version comes from; `version` is what is shown. */
export type VersionInfo = JsonObject & { readonly type: string; readonly version: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** What a build system says about the commit it works on. */
interface Commit {
  readonly sha: string | undefined;
  readonly branch: string | undefined;
  readonly repository: string | undefined;
  readonly url: string | undefined;
}

interface Provider {
  readonly type: string;
  read(env: Environment): Commit;
}

const PROVIDERS: readonly Provider[] = [
  {
    type: "vcs:github",
    read: ({ GITHUB_SHA: sha, GITHUB_REF_NAME: branch, GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server }) => ({
      sha,
      branch,
      repository,
      url: `${server}/${repository}/tree/${sha}`,
    }),
  },
  {
    type: "vcs:gitlab",
    read: ({
      CI_COMMIT_SHA: sha,
      CI_COMMIT_REF_NAME: branch,
      CI_PROJECT_NAME: repository,
      CI_PROJECT_URL: project,
    }) => ({
      sha,
      branch,
      repository,
      url: `${project}/-/tree/${sha}`,
    }),
  },
  {
    type: "vcs:bitbucket",
    read: (env) => ({
      sha: env.BITBUCKET_COMMIT,
      branch: env.BITBUCKET_BRANCH,
      repository: env.BITBUCKET_REPO_SLUG,
      url: `${env.BITBUCKET_GIT_HTTP_ORIGIN}/src/${env.BITBUCKET_COMMIT}`,
    }),
  },
  {
    type: "vcs:azuredevops",
    read: (env) => ({
      sha: env.BUILD_SOURCEVERSION,
      branch: env.BUILD_SOURCEBRANCHNAME,
      repository: env.BUILD_REPOSITORY_NAME,
      url: `${env.BUILD_REPOSITORY_URI}?version=GC${env.BUILD_SOURCEVERSION}`,
    }),
  },
];

const TYPES: readonly string[] = ["prefect:simple", ...PROVIDERS.map(({ type }) => type), "vcs:git"];

export interface VersionQuestion {
  /** The only source to look at, else the first that knows: the build system, then git. */
  readonly type: string | null | undefined;
  /** The version that was asked for; without one that of the commit, else that of the flow. */
  readonly asked: string | null | undefined;
  readonly ofFlow: string | null;
  readonly directory: string;
  readonly env: Environment;
}

/** The version of a deployment and what is known about it. Throws CommandFailed for a source that is not known. */
export async function findVersionInfo({ type, asked, ofFlow, ...place }: VersionQuestion): Promise<VersionInfo> {
  if (type && !TYPES.includes(type)) {
    throw CommandFailed(`Unknown version type '${type}'. These are known: ${TYPES.join(", ")}`);
  }
  const inferred = type === "prefect:simple" ? undefined : await infer(type ?? undefined, place);
  if (inferred !== undefined) return asked ? { ...inferred, version: asked } : inferred;
  return { type: "prefect:simple", version: asked || ofFlow || "" };
}

async function infer(type: string | undefined, place: GitPlace): Promise<VersionInfo | undefined> {
  for (const provider of PROVIDERS) {
    if (type !== undefined && type !== provider.type) continue;
    const info = await describe(provider.type, provider.read(place.env), place);
    if (info !== undefined) return info;
  }
  return type === undefined || type === "vcs:git" ? await describe("vcs:git", await readGit(place), place) : undefined;
}

async function describe(type: string, commit: Commit, place: GitPlace): Promise<VersionInfo | undefined> {
  const { sha, branch, repository, url } = commit;
  if (!sha || !branch || !repository || !url) return undefined;
  const message = (await git(place, "log", "-1", "--pretty=%B"))?.split("\n")[0];
  if (message === undefined) return undefined;
  return { type, version: sha.slice(0, 8), commit_sha: sha, message, branch, repository, url };
}

async function readGit(place: GitPlace): Promise<Commit> {
  const remote = await git(place, "config", "--get", "remote.origin.url");
  const url = remote === undefined ? undefined : withoutCredentials(remote);
  return {
    sha: await git(place, "rev-parse", "HEAD"),
    branch: await git(place, "rev-parse", "--abbrev-ref", "HEAD"),
    repository: url === undefined ? undefined : repositoryOf(url),
    url,
  };
}

/** The path of an address; of `git@host:path` all of it. */
function repositoryOf(url: string): string {
  const path = URL.parse(url)?.pathname ?? url;
  return path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
}
