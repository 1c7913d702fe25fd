import { describe, expect, test } from "vitest";
import { defineError, PrefectError } from "../../src/kit/errors.ts";

const Gone = defineError("THING_GONE", 404, (id: string) => `Thing ${id} is gone.`);
const Busy = defineError("THING_BUSY", 503, (cause: unknown) => ({
  message: "Busy.",
  cause,
  details: { retryAfterSeconds: 2 },
}));

describe("an error of a catalogue", () => {
  test("carries code, status and text", () => {
    expect(Gone("a")).toMatchObject({
      name: "THING_GONE",
      code: "THING_GONE",
      status: 404,
      message: "Thing a is gone.",
    });
    expect(Gone("a")).toBeInstanceOf(PrefectError);
    expect(Gone("a").details).toEqual({});
  });

  test("carries its cause and details", () => {
    const cause = new Error("lock");
    expect(Busy(cause)).toMatchObject({ cause, details: { retryAfterSeconds: 2 } });
    expect("cause" in Gone("a")).toBe(false);
  });

  test("is recognised by its own entry only", () => {
    expect(Gone.is(Gone("a"))).toBe(true);
    expect(Gone.is(Busy(undefined))).toBe(false);
    expect([Gone.is(new Error("x")), Gone.is(undefined), Gone.is(null)]).toEqual([false, false, false]);
  });
});
