import type { Client } from "./facts.ts";

type Release = readonly [number, number, number];

const VERSION = /^(\d+)\.(\d+)\.(\d+)((?:\.\d+)*)(.*)$/;
const PRERELEASE = /^[.\-_]?(?:a|b|c|rc|alpha|beta|pre|preview|dev)/;
/** Worker releases that took deployment slots themselves; taking one for them too would count it twice. */
const WORKERS_THAT_TAKE_SLOTS = new Set(["3.0.0rc20", "3.0.0", "3.0.1", "3.0.2", "3.0.3"]);

/** True when the client keeps its deployment lease alive (3.4.11 and later; unknown clients are taken not to). */
export function renewsLeases(client: Client): boolean {
  return isAtLeast(client.version, [3, 4, 11]) ?? false;
}

export function takesDeploymentSlots(client: Client): boolean {
  return client.version !== undefined && WORKERS_THAT_TAKE_SLOTS.has(client.version);
}

/** True when the caller's API knows pauses (0.8.4 and later; a caller that does not say is taken to be current). */
export function knowsPauses(client: Client): boolean {
  return isAtLeast(client.apiVersion, [0, 8, 4]) ?? true;
}

/** True for callers before API 0.8.3, which expect the server to reset failed task runs when their flow retries. */
export function expectsChildrenReset(client: Client): boolean {
  return isAtLeast(client.apiVersion, [0, 8, 3]) === false;
}

/** Undefined when the version is unknown or unreadable; pre-releases come before their release. */
function isAtLeast(version: string | undefined, minimum: Release): boolean | undefined {
  const match = version === undefined ? null : VERSION.exec(version);
  if (match === null) return undefined;
  for (const [index, least] of minimum.entries()) {
    const part = Number(match[index + 1]);
    if (part !== least) return part > least;
  }
  return match[4] !== "" || !PRERELEASE.test(match[5] ?? "");
}
