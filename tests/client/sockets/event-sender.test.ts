import { expect, test } from "vitest";
import { ApiInvalidRequest } from "../../../src/client/errors.ts";
import type { EventConnection } from "../../../src/client/sockets/event-connection.ts";
import { createEventSender } from "../../../src/client/sockets/event-sender.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import type { Event } from "../../../src/schemas/event.ts";

const event = (id: string): Event => ({
  id,
  occurred: "2030-01-01T00:00:00Z",
  event: "test",
  resource: { "prefect.resource.id": id },
  related: [],
  payload: {},
  follows: null,
});

interface FakeSocket extends EventConnection {
  readonly received: string[];
  drop(): void;
}

function fakeSocket(confirms = true): FakeSocket {
  const received: string[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  return {
    received,
    closed,
    send: (events) => received.push(...events.map((sent) => sent.id)),
    checkpoint: async () => {
      if (confirms) return;
      await closed;
      throw new Error("closed");
    },
    close: resolve,
    drop: resolve,
  };
}

const never = () => Promise.reject(new Error("not expected"));

test("events of one turn leave together, in order, and are confirmed by a drain", async () => {
  const socket = fakeSocket();
  await using sender = createEventSender({ connect: async () => socket, post: never, log: silentLogger });

  for (const id of ["a", "b", "c"]) sender.emit(event(id));

  expect(await sender.drain(1000)).toBe(true);
  expect(socket.received).toEqual(["a", "b", "c"]);
});

test("what a broken socket did not confirm is sent again on the next one", async () => {
  const first = fakeSocket(false);
  const second = fakeSocket();
  const sockets = [first, second];
  const connect = async () => sockets.shift() ?? second;
  await using sender = createEventSender({ connect, post: never, log: silentLogger });
  sender.emit(event("a"));
  const drained = sender.drain(2000);
  await expect.poll(() => first.received).toEqual(["a"]);
  sender.emit(event("b"));

  first.drop();

  expect(await drained).toBe(true);
  expect(await sender.drain(1000)).toBe(true);
  expect(second.received).toEqual(["a", "b"]);
});

test("events go over HTTP once the socket has failed for long enough", async () => {
  const posted: string[] = [];
  const post = async (batch: readonly Event[]) => void posted.push(...batch.map((sent) => sent.id));
  await using sender = createEventSender({ connect: never, post, log: silentLogger, fallbackAfterMs: 0 });

  sender.emit(event("a"));
  sender.emit(event("b"));

  expect(await sender.drain(1000)).toBe(true);
  expect(posted).toEqual(["a", "b"]);
});

test("an event the API refuses does not hold up the others", async () => {
  const posted: string[] = [];
  const post = async (batch: readonly Event[]) => {
    if (batch.some((sent) => sent.id === "bad")) {
      throw ApiInvalidRequest({ method: "POST", path: "/events", status: 422, body: {} });
    }
    posted.push(...batch.map((sent) => sent.id));
  };
  await using sender = createEventSender({ connect: never, post, log: silentLogger, fallbackAfterMs: 0 });

  for (const id of ["a", "bad", "b"]) sender.emit(event(id));

  expect(await sender.drain(1000)).toBe(true);
  expect(posted).toEqual(["a", "b"]);
});

test("a drain gives up at its deadline while nothing can be reached", async () => {
  await using sender = createEventSender({ connect: never, post: never, log: silentLogger, fallbackAfterMs: 0 });

  sender.emit(event("a"));

  expect(await sender.drain(30)).toBe(false);
});

test("where no socket can be had, later events do not wait for one", async () => {
  let attempts = 0;
  const connect = () => {
    attempts += 1;
    return never();
  };
  const posted: string[] = [];
  const post = async (batch: readonly Event[]) => void posted.push(...batch.map((sent) => sent.id));
  await using sender = createEventSender({ connect, post, log: silentLogger, fallbackAfterMs: 10 });
  sender.emit(event("a"));
  await sender.drain(1000);
  const attemptsForFirst = attempts;

  sender.emit(event("b"));
  await sender.drain(1000);

  expect([attempts, posted]).toEqual([attemptsForFirst, ["a", "b"]]);
});
