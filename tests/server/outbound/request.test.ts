import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import {
  AddressRefused,
  ConnectionFailed,
  HostUnknown,
  RequestTimedOut,
  UrlRefused,
} from "../../../src/server/outbound/errors.ts";
import { isPrivateAddress } from "../../../src/server/outbound/private-addresses.ts";
import { sendRequest } from "../../../src/server/outbound/request.ts";

test.each([
  ["127.0.0.1", true],
  ["10.1.2.3", true],
  ["169.254.169.254", true],
  ["100.64.0.1", true],
  ["172.31.255.255", true],
  ["172.32.0.1", false],
  ["8.8.8.8", false],
  ["::1", true],
  ["fe80::1%eth0", true],
  ["fd00::1", true],
  ["::ffff:127.0.0.1", true],
  ["::ffff:7f00:1", true],
  ["64:ff9b::7f00:1", true],
  ["2002:7f00:1::", true],
  ["2606:4700::1111", false],
  ["nonsense", true],
])("%s is private: %s", (address, isPrivate) => {
  expect(isPrivateAddress(address)).toBe(isPrivate);
});

test.each([
  "http://127.0.0.1:1/",
  "http://[::1]:1/",
  "http://2130706433:1/",
  "http://0x7f.1:1/",
  "http://localhost:1/",
])("%s is refused where private addresses are not allowed", async (url) => {
  await expect(get(url, { allowPrivate: false })).rejects.toSatisfy(AddressRefused.is);
});

test.each(["file:///etc/passwd", "ftp://example.org/", "nonsense"])("%s is no URL to call", async (url) => {
  await expect(get(url)).rejects.toSatisfy(UrlRefused.is);
});

test("one private address among public ones refuses them all", async () => {
  const resolve = async () => [
    { address: "8.8.8.8", family: 4 },
    { address: "127.0.0.1", family: 4 },
  ];

  await expect(get("http://rebinding.test/", { allowPrivate: false, resolve })).rejects.toSatisfy(AddressRefused.is);
});

test("a host is looked up once, and the call goes to the address that was checked", async () => {
  await using target = await listen((request, reply) => reply.end(request.headers.host));
  let asked = 0;
  const resolve = async () => {
    asked++;
    return [{ address: "127.0.0.1", family: 4 }];
  };

  const reply = await get(`http://rebinding.test:${target.port}/`, { resolve });

  expect(reply.text).toBe(`rebinding.test:${target.port}`);
  expect(asked).toBe(1);
});

test("what a redirect leads to is looked up and checked as well", async () => {
  await using target = await listen((_request, reply) => {
    reply.writeHead(302, { location: "http://second.test/" }).end();
  });
  const asked: string[] = [];
  const resolve = async (host: string) => {
    asked.push(host);
    return host === "second.test" ? [] : [{ address: "127.0.0.1", family: 4 }];
  };

  const followed = get(`http://first.test:${target.port}/`, { resolve, maxRedirects: 3 });

  await expect(followed).rejects.toSatisfy(HostUnknown.is);
  expect(asked).toEqual(["first.test", "second.test"]);
});

test("a redirect is the answer unless it is to be followed", async () => {
  await using target = await listen((_request, reply) => {
    reply.writeHead(302, { location: "http://10.0.0.1/" }).end();
  });

  expect((await get(`http://127.0.0.1:${target.port}/`)).status).toBe(302);
});

test("a redirect elsewhere is followed without the secrets meant for the first server", async () => {
  await using second = await listen((request, reply) => {
    reply.end(JSON.stringify({ method: request.method, authorization: request.headers.authorization ?? null }));
  });
  await using first = await listen((_request, reply) => {
    reply.writeHead(302, { location: `http://127.0.0.1:${second.port}/` }).end();
  });

  const reply = await sendRequest({
    method: "POST",
    url: `http://127.0.0.1:${first.port}/`,
    headers: { Authorization: "Bearer secret" },
    body: "x",
    allowPrivate: true,
    maxRedirects: 1,
  });

  expect(JSON.parse(reply.text)).toEqual({ method: "GET", authorization: null });
});

test("no more than a million bytes of an answer are read", async () => {
  await using target = await listen((_request, reply) => reply.end("x".repeat(3_000_000)));

  const reply = await get(`http://127.0.0.1:${target.port}/`);

  expect(reply.text.length).toBe(1_000_000);
});

test("a server that does not answer is given up", async () => {
  await using target = await listen(() => undefined);

  await expect(get(`http://127.0.0.1:${target.port}/`, { timeoutMs: 50 })).rejects.toSatisfy(RequestTimedOut.is);
});

test("nobody listening is a failed connection", async () => {
  const target = await listen(() => undefined);
  await target[Symbol.asyncDispose]();

  await expect(get(`http://127.0.0.1:${target.port}/`)).rejects.toSatisfy(ConnectionFailed.is);
});

function get(url: string, options: Partial<Parameters<typeof sendRequest>[0]> = {}) {
  return sendRequest({ method: "GET", url, allowPrivate: true, ...options });
}

async function listen(answer: (request: IncomingMessage, reply: ServerResponse) => unknown) {
  const server = createServer((request, reply) => void answer(request, reply));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
