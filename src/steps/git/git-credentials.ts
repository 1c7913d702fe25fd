import { GitInputRefused } from "../errors.ts";

/**
 * Environment variables that let git use credentials for the repository's host, submodules included. They are in no
 * command line and are not stored in the clone. Empty for anything but https.
 */
export function gitCredentials(
  repository: string,
  credentials: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, string>> {
  const quiet = { GIT_TERMINAL_PROMPT: "0" };
  const url = URL.parse(repository);
  if (url === null || !["https:", "http:"].includes(url.protocol)) return quiet;
  const inUrl = url.username === "" ? undefined : [url.username, url.password].filter((part) => part !== "").join(":");
  const given = credentials && url.protocol === "https:" ? userInfo(url.host, credentials) : inUrl;
  if (given === undefined) return quiet;
  return {
    ...quiet,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `url.${url.protocol}//${given}@${url.host}/.insteadOf`,
    GIT_CONFIG_VALUE_0: `${url.protocol}//${url.host}/`,
  };
}

/** The address without user and password. */
export function withoutCredentials(repository: string): string {
  const url = URL.parse(repository);
  if (url === null || url.username === "" || !["https:", "http:"].includes(url.protocol)) return repository;
  return repository.replace(/^(https?:\/\/)[^/@]*@/, "$1");
}

/** User and token as the provider behind this host wants them. */
function userInfo(host: string, credentials: Readonly<Record<string, unknown>>): string {
  const { username, password, token, access_token } = credentials;
  const secret = [access_token, token, password].find((value) => typeof value === "string" && value !== "");
  if (typeof secret !== "string") throw GitInputRefused("credentials", "there is no token or password in them.");
  if (typeof username === "string" && username !== "") return pair(username, secret);
  const [user, ...rest] = secret.split(":");
  if (user !== undefined && rest.length > 0 && /bitbucket|gitlab/.test(host)) return pair(user, rest.join(":"));
  if (host.includes("bitbucketserver"))
    throw GitInputRefused("credentials", "a Bitbucket server needs a username, too.");
  if (host.includes("bitbucket")) return pair("x-token-auth", secret);
  if (host.includes("gitlab")) return pair("oauth2", secret);
  return encodeURIComponent(secret);
}

function pair(user: string, secret: string): string {
  return `${encodeURIComponent(user)}:${encodeURIComponent(secret)}`;
}
