import { describe, expect, test } from "vitest";
import type { HttpRequest, HttpResponse } from "../../../src/client/link.ts";
import { retryLink } from "../../../src/client/links/retry.ts";

const request: HttpRequest = { method: "GET", path: "/x", headers: {}, body: undefined };
const answer = (status: number, headers: Record<string, string> = {}): HttpResponse => ({ status, headers, text: "" });
const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });

function scripted(outcomes: readonly (HttpResponse | Error)[], extraCodes: readonly number[] = []) {
  const waits: number[] = [];
  let calls = 0;
  const link = retryLink({
    maxRetries: 3,
    extraCodes,
    jitterFactor: 0,
    wait: async (ms) => void waits.push(ms),
  });
  const send = link(async () => {
    const outcome = outcomes[Math.min(calls++, outcomes.length - 1)];
    if (outcome instanceof Error || outcome === undefined) throw outcome;
    return outcome;
  });
  return { send, waits, calls: () => calls };
}

describe("retry link", () => {
  test.each([408, 429, 502, 503])("repeats a %i with doubling waits", async (status) => {
    const { send, waits } = scripted([answer(status), answer(status), answer(200)]);

    expect((await send(request)).status).toBe(200);
    expect(waits).toEqual([1000, 2000]);
  });

  test("waits as long as the server asks", async () => {
    const { send, waits } = scripted([answer(429, { "retry-after": "2.5" }), answer(200)]);

    await send(request);

    expect(waits).toEqual([2500]);
  });

  test("gives the last answer after the last retry", async () => {
    const { send, calls } = scripted([answer(503)]);

    expect((await send(request)).status).toBe(503);
    expect(calls()).toBe(4);
  });

  test.each([400, 404, 422, 500])("leaves a %i alone", async (status) => {
    const { send, calls } = scripted([answer(status)]);

    expect((await send(request)).status).toBe(status);
    expect(calls()).toBe(1);
  });

  test("repeats a status it was told to", async () => {
    const { send } = scripted([answer(418), answer(200)], [418]);

    expect((await send(request)).status).toBe(200);
  });

  test("fails at once when the first connection cannot be made", async () => {
    const { send, calls } = scripted([refused]);

    await expect(send(request)).rejects.toBe(refused);
    expect(calls()).toBe(1);
  });

  test("repeats a refused connection once the server has answered before", async () => {
    const { send } = scripted([answer(200), refused, answer(201)]);
    await send(request);

    expect((await send(request)).status).toBe(201);
  });

  test("repeats a broken connection even before the first answer", async () => {
    const { send } = scripted([reset, answer(200)]);

    expect((await send(request)).status).toBe(200);
  });

  test("does not count answers of a server under maintenance", async () => {
    const down = answer(503, { "prefect-maintenance": "true", "retry-after": "1" });
    const { send } = scripted([down, down, down, down, down, answer(200)]);

    expect((await send(request)).status).toBe(200);
  });
});
