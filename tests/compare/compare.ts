import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leafDifferences, short } from "../support/leaf-differences.ts";
import type { DatabaseKind } from "../support/reference.ts";
import { databaseRequirements, missing } from "../support/require.ts";
import { unaskedOperations } from "./coverage.ts";
import type { Normalised } from "./normalise.ts";
import { play, type ReferenceAnswers, referenceAnswers } from "./recording.ts";
import type { ScriptFile } from "./script.ts";
import { type Subjects, subjects } from "./subject.ts";

const SHOWN_EXCHANGES = 12;
const SHOWN_LEAVES = 12;
const SCRIPT_TIMEOUT_MS = 120_000;
const LEAST_EXCHANGES = 400;

/**
 * Declares a test per script: our answers equal the reference's, on the given database. With `coversEverything` another
 * one tells which operations no script asks.
 */
export function compareScripts(
  database: DatabaseKind,
  files: readonly ScriptFile[],
  { coversEverything = false } = {},
): void {
  const lacks = missing("reference-3.9.1", ...databaseRequirements(database));
  describe.skipIf(lacks)(`answers equal the reference's on ${database}`, () => {
    let reference: ReferenceAnswers;
    let ours: Subjects;
    const asked: Normalised[][] = [];
    beforeAll(() => {
      reference = referenceAnswers(database);
      ours = subjects(database);
    });
    afterAll(async () => {
      await Promise.all([reference[Symbol.asyncDispose](), ours[Symbol.asyncDispose]()]);
    });

    describe.each(files.map((file) => [file.resource, file] as const))("%s", (_resource, file) => {
      test.each(file.scripts.map((script) => [script.name, script] as const))(
        "%s",
        async (_name, script) => {
          const expected = await reference.read(file, script);
          asked.push([...expected]);
          await using server = await ours.open();

          const difference = differences(await play(script, server, server), expected);

          if (difference !== "") expect.fail(difference);
        },
        SCRIPT_TIMEOUT_MS,
      );
    });

    test.runIf(coversEverything)("every operation is asked well and badly", ({ skip }) => {
      if (asked.length < files.flatMap(({ scripts }) => scripts).length) skip("only some scripts were run");
      const exchanges = asked.flat();

      expect(unaskedOperations(exchanges)).toEqual([]);
      expect(exchanges.length).toBeGreaterThanOrEqual(LEAST_EXCHANGES);
    });
  });
}

/** One line per value that differs, grouped by exchange, at most a few exchanges: empty when all is equal. */
export function differences(ours: readonly Normalised[], reference: readonly Normalised[]): string {
  const length = Math.max(ours.length, reference.length);
  const blocks = Array.from({ length }, (_, index) => describeExchange(index, ours[index], reference[index]));
  const differing = blocks.filter((block) => block !== "");
  if (differing.length === 0) return "";
  const shown = differing.slice(0, SHOWN_EXCHANGES);
  return [`${differing.length} of ${length} exchanges differ (ours -> reference)`, ...shown].join("\n\n");
}

function describeExchange(index: number, ours: Normalised | undefined, reference: Normalised | undefined): string {
  // Where the reference breaks down, ours has to say what is wrong with the request.
  if (reference !== undefined && reference.status >= 500 && isRefusal(ours?.status)) return "";
  const leaves = [
    ...leafDifferences("status", ours?.status, reference?.status),
    ...leafDifferences("headers", ours?.headers, reference?.headers),
    ...leafDifferences("body", ours?.body, reference?.body),
  ];
  if (leaves.length === 0) return "";
  const more = leaves.length > SHOWN_LEAVES ? [`  … and ${leaves.length - SHOWN_LEAVES} more`] : [];
  const { title, request } = reference ?? ours ?? { title: "", request: undefined };
  return [`#${index + 1} ${title} ${short(request)}`, ...leaves.slice(0, SHOWN_LEAVES), ...more].join("\n");
}

function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500;
}
