import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { checkCron } from "../../src/schemas/cron-expression.ts";
import { checkRRule } from "../../src/schemas/rrule-text.ts";
import { cached, runPython } from "../support/python.ts";
import { missing } from "../support/require.ts";

const CRONS = [
  "* * * * *",
  "60 * * * *",
  "* 24 * * *",
  "* * 0 * *",
  "* * 32 * *",
  "* * * 0 *",
  "* * * 13 *",
  "* * * * 8",
  "* * * * 7",
  "* * * *",
  "",
  "not cron",
  "@daily",
  "@nope",
  "@HOURLY",
  "*/0 * * * *",
  "5-1 * * * *",
  "* * * * mon#6",
  "* * * * mon#1,fri",
  "* * * * mon#1,fri#2",
  "* * l * *",
  "* * * * l",
  "* * * * l5",
  "* * ? * *",
  "? * * * *",
  "h * * * *",
  "r * * * *",
  "R * * * *",
  "* * * jan-mar *",
  "* * * foo *",
  "1,2,3 * * * *",
  "1,,2 * * * *",
  "*/5,10 * * * *",
  "-1 * * * *",
  "* * * * * 59",
  "* * * * * 60",
  "* * * * * * 2030",
  "* * * * * * 1969",
  "a-b * * * *",
  "1.5 * * * *",
  "* * 1-l * *",
  "0 0 * * 0-7",
  "0 0 * * 7-7",
  "*/70 * * * *",
  "0 0 0 * * 0",
  "0 0 * * 7 0",
  "1-5/ * * * *",
  "1-5/2/3 * * * *",
  "* * * * sun-sat",
  "* * * * 0-6",
  " * * * * * ",
];
const RRULES = [
  "FREQ=DAILY",
  "nope",
  "",
  " ",
  "FREQ=NEVER",
  "FREQ=DAILY;X=1",
  "FREQ=DAILY;COUNT=a",
  "FREQ=WEEKLY;BYDAY=XX",
  "RRULE:FREQ=DAILY",
  "EXRULE:FREQ=DAILY\nRRULE:FREQ=DAILY",
  "FOO:BAR",
  "FREQ=DAILY;UNTIL=20270101",
  "FREQ=DAILY;UNTIL=20270101T000000Z",
  "DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;UNTIL=20270101T000000Z",
  "DTSTART:20260101T000000\nRRULE:FREQ=DAILY;UNTIL=20270101T000000Z",
  "FREQ=DAILY=2",
  "RRULE;X=1:FREQ=DAILY\nRRULE:FREQ=DAILY",
  "FREQ=MONTHLY;BYDAY=MO(+1)",
  "FREQ=MONTHLY;BYWEEKDAY=-1FR",
  "DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY",
  "freq=daily",
  "DTSTART;TZID=America/New_York:20260101T090000\nRRULE:FREQ=DAILY",
  "DTSTART:20260101,20260102\nRRULE:FREQ=DAILY",
];
const ORACLE = `
import json, sys
from prefect._internal.schemas.validators import validate_cron_string, validate_rrule_string
crons, rrules = json.loads(sys.argv[1])
out = []
for check, texts in ((validate_cron_string, crons), (validate_rrule_string, rrules)):
    for text in texts:
        try:
            check(text)
            out.append(None)
        except Exception as exc:
            out.append(str(exc))
print(json.dumps(out))
`;

test.skipIf(missing("reference-3.9.1"))(
  "cron expressions and rules are taken and refused as by the reference",
  async () => {
    const args = [JSON.stringify([CRONS, RRULES])];
    const name = createHash("sha256")
      .update(args.join() + ORACLE)
      .digest("hex")
      .slice(0, 16);
    const expected = JSON.parse(
      await cached(`schedule-texts-${name}.json`, () => runPython("3.9.1", ORACLE, { args })),
    );

    const ours = [...CRONS.map((text) => checkCron(text) ?? null), ...RRULES.map((text) => checkRRule(text) ?? null)];

    const label = (texts: readonly (string | null)[]) =>
      texts.map((text, index) => [[...CRONS, ...RRULES][index], text]);
    expect(label(ours)).toEqual(label(expected));
  },
  60_000,
);
