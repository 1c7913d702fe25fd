import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isUuid, uuid7Ids } from "../../src/kit/ids.ts";

const times = fc.array(fc.integer({ min: 1, max: 2 ** 47 }), { minLength: 1, maxLength: 200 });

describe("uuid7Ids", () => {
  test("increase whatever the clock does", () => {
    fc.assert(
      fc.property(times, (nows) => {
        let at = 0;
        const ids = uuid7Ids(() => nows[at++] as number);
        const made = nows.map(() => ids.next());
        expect(new Set(made).size).toBe(made.length);
        expect([...made].sort()).toEqual(made);
      }),
    );
  });

  test("increase within one millisecond, also beyond the counter's 4096", () => {
    const ids = uuid7Ids(() => 1_700_000_000_000);
    const made = Array.from({ length: 10_000 }, () => ids.next());
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(10_000);
  });

  test("are version 7 uuids of their millisecond", () => {
    const id = uuid7Ids(() => 0x0123456789ab).next();
    expect(id).toMatch(/^01234567-89ab-7000-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test.each([
    ["01234567-89ab-7000-8000-000000000000", true],
    ["01234567-89AB-7000-8000-00000000000F", true],
    ["0123456789ab70008000000000000000", false],
    ["01234567-89ab-7000-8000-00000000000g", false],
    ["", false],
  ])("isUuid(%j) is %s", (text, expected) => {
    expect(isUuid(text)).toBe(expected);
  });
});
