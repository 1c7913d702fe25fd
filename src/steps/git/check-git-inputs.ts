import { GitInputRefused } from "../errors.ts";

export interface GitInputs {
  readonly repository: string;
  readonly branch: string | null;
  readonly commit_sha: string | null;
  readonly access_token: string | null;
  readonly credentials: Readonly<Record<string, unknown>> | null;
  readonly directories: readonly string[] | null;
  readonly clone_directory_name: string | null;
}

/** Refuses what git could take for an option, and what says two things at once. Throws GIT_INPUT_REFUSED. */
export function checkGitInputs(inputs: GitInputs): void {
  const { repository, branch, commit_sha, directories, clone_directory_name } = inputs;
  for (const [name, value] of Object.entries({ repository, branch, clone_directory_name })) checkWord(name, value);
  for (const directory of directories ?? []) checkWord("directories", directory);
  if (commit_sha !== null && !/^[0-9a-f]{4,64}$/i.test(commit_sha)) {
    throw GitInputRefused("commit_sha", "it must be 4 to 64 hexadecimal digits. A branch or tag goes into branch.");
  }
  if (branch && commit_sha) throw GitInputRefused("branch", "give a branch or a commit_sha, not both.");
  if (inputs.access_token && inputs.credentials) {
    throw GitInputRefused("credentials", "give an access_token or credentials, not both.");
  }
}

function checkWord(name: string, value: string | null): void {
  if (value === null) return;
  if (value.startsWith("-")) throw GitInputRefused(name, "it begins with '-'.");
  if (/\p{Cc}/u.test(value)) throw GitInputRefused(name, "it holds a control character.");
}
