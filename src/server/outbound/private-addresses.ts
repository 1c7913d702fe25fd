import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Networks that are not the public internet: of machines, of companies, of providers, and what is reserved. */
const IPV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

/** Everything outside of 2000::/3, and inside of it what is no address or holds an IPv4 address. */
const IPV6 = [
  ["::", 3],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["4000::", 2],
  ["8000::", 1],
] as const;

// Two lists: one would hold IPv4 addresses against the networks of IPv6, too.
const privateIpv4 = new BlockList();
for (const [network, prefix] of IPV4) privateIpv4.addSubnet(network, prefix, "ipv4");
const privateIpv6 = new BlockList();
for (const [network, prefix] of IPV6) privateIpv6.addSubnet(network, prefix, "ipv6");

/** True for an IP address that is not one of the public internet, and for what is no IP address. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.split("%", 1)[0] ?? "";
  if (isIPv4(plain)) return privateIpv4.check(plain, "ipv4");
  return isIPv6(plain) ? privateIpv6.check(plain, "ipv6") : true;
}
