import type { Settings } from "../settings/index.ts";

/** Whether a `Host` header is one this server answers to. */
export type HostCheck = (host: string | undefined) => boolean;

/**
 * The names of `server.api.trusted_hosts`, without regard to ports; `*.example.com` stands for all below it. The header
 * itself is looked at, never a forwarded one: a page that has made its own name point here can send those.
 */
export function createHostCheck({ server: { api } }: Settings): HostCheck {
  const names = api.trusted_hosts
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  if (names.includes("*")) return () => true;
  const exact = new Set(names.filter((name) => !name.startsWith("*.")));
  const endings = names.filter((name) => name.startsWith("*.")).map((name) => name.slice(1));
  return (host = "") => {
    const name = host.toLowerCase().replace(/:\d*$/, "");
    return exact.has(name) || endings.some((ending) => name.endsWith(ending) && name.length > ending.length);
  };
}
