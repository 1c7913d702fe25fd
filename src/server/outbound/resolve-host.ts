import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { AddressRefused, HostUnknown } from "./errors.ts";
import { isPrivateAddress } from "./private-addresses.ts";

/** Looks a host name up; a place for tests to give other answers. */
export type ResolveName = (host: string) => Promise<readonly LookupAddress[]>;

const resolveName: ResolveName = (host) => lookup(host, { all: true });

/**
 * The addresses to connect to, all of them checked: one private address among public ones refuses them all.
 * @param host as URLs have it, IPv6 in brackets
 * @throws AddressRefused, HostUnknown
 */
export async function resolveHost(
  host: string,
  { allowPrivate, resolve = resolveName }: { readonly allowPrivate: boolean; readonly resolve?: ResolveName },
): Promise<readonly LookupAddress[]> {
  const name = host.replace(/^\[|\]$/g, "");
  const addresses = isIP(name) ? [{ address: name, family: isIP(name) }] : await resolveOrThrow(name, resolve);
  const refused = allowPrivate ? undefined : addresses.find(({ address }) => isPrivateAddress(address));
  if (refused) throw AddressRefused(name, refused.address);
  return addresses;
}

async function resolveOrThrow(name: string, resolve: ResolveName): Promise<readonly LookupAddress[]> {
  try {
    const addresses = await resolve(name);
    if (addresses.length > 0) return addresses;
  } catch (error) {
    throw HostUnknown(name, error);
  }
  throw HostUnknown(name);
}
