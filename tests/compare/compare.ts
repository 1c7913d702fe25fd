import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DatabaseKind } from "../support/reference.ts";
import { missing } from "../support/require.ts";
import type { Normalised } from "./normalise.ts";
import { play, type ReferenceAnswers, referenceAnswers } from "./recording.ts";
import type { ScriptFile } from "./script.ts";
import { type Subjects, subjects } from "./subject.ts";

const SHOWN_DIFFERENCES = 4;
const SCRIPT_TIMEOUT_MS = 120_000;

/** Declares a test per script: our answers equal the reference's, on the given database. */
export function compareScripts(database: DatabaseKind, files: readonly ScriptFile[]): void {
  const lacks = missing("reference-3.9.1", ...(database === "postgresql" ? (["postgresql"] as const) : []));
  describe.skipIf(lacks)(`answers equal the reference's on ${database}`, () => {
    let reference: ReferenceAnswers;
    let ours: Subjects;
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
          await using server = await ours.open();

          const difference = compare(await play(script, server), expected);

          expect(difference.ours).toEqual(difference.reference);
        },
        SCRIPT_TIMEOUT_MS,
      );
    });
  });
}

/** The exchanges that differ, at most a few of them, each with the request for the reader's sake. */
function compare(ours: readonly Normalised[], reference: readonly Normalised[]) {
  const length = Math.max(ours.length, reference.length);
  const differing = Array.from({ length }, (_, index) => index).filter(
    (index) => !sameAnswer(ours[index], reference[index]),
  );
  const shown = differing.slice(0, SHOWN_DIFFERENCES);
  const side = (exchanges: readonly Normalised[]) => ({
    differing: `${differing.length} of ${length} exchanges`,
    exchanges: shown.map((index) => ({
      ...exchanges[index],
      title: reference[index]?.title,
      request: reference[index]?.request,
    })),
  });
  return { ours: side(ours), reference: side(reference) };
}

function sameAnswer(a: Normalised | undefined, b: Normalised | undefined): boolean {
  const answer = (exchange: Normalised | undefined) =>
    exchange && JSON.stringify([exchange.status, exchange.headers, exchange.body]);
  return answer(a) === answer(b);
}
