import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WebSocketServer } from "ws";
import { keepAlive } from "../../../src/server/sockets/keep-alive.ts";

function fakeSocket({ isPaused = false } = {}) {
  return Object.assign(new EventEmitter(), { isPaused, ping: vi.fn(), terminate: vi.fn() });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("peers that answer pings stay, those that do not are dropped, those made to wait are left alone", () => {
  const [alive, dead, waiting] = [fakeSocket(), fakeSocket(), fakeSocket({ isPaused: true })];
  alive.ping.mockImplementation(() => alive.emit("pong"));
  const stop = keepAlive({ clients: new Set([alive, dead, waiting]) } as unknown as WebSocketServer);
  vi.advanceTimersByTime(20_000);
  expect([alive, dead, waiting].map(({ ping }) => ping.mock.calls.length)).toEqual([1, 1, 0]);
  vi.advanceTimersByTime(20_000);
  expect([alive, dead, waiting].map(({ terminate }) => terminate.mock.calls.length)).toEqual([0, 1, 0]);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(alive.ping).toHaveBeenCalledTimes(2);
});

test("a peer that sends stays, though its answer is behind what it sends; it is asked again", () => {
  const busy = fakeSocket();
  const stop = keepAlive({ clients: new Set([busy]) } as unknown as WebSocketServer);
  for (let round = 1; round <= 3; round++) {
    vi.advanceTimersByTime(20_000);
    busy.emit("message", "an event");
  }
  expect(busy.terminate).not.toHaveBeenCalled();
  expect(busy.ping).toHaveBeenCalledTimes(3);

  vi.advanceTimersByTime(40_000);
  expect(busy.terminate).toHaveBeenCalledOnce();
  expect(busy.listenerCount("message")).toBeLessThanOrEqual(1);
  stop();
});
