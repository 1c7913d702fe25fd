import { describe, expect, test } from "vitest";
import { forEachSeededDatabase, listMatches } from "./seed.ts";
import { subjects } from "./subjects.ts";

describe.each(subjects)("$name", ({ table, column, cases }) => {
  forEachSeededDatabase((database) => {
    test.each(cases)("$title", async ({ match, found }) => {
      expect(await listMatches(database(), table, { column, match })).toEqual(found);
    });
  });
});
