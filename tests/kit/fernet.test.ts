import { describe, expect, test } from "vitest";
import {
  decryptFernet,
  encryptFernet,
  type FernetKey,
  generateFernetKey,
  parseFernetKey,
} from "../../src/kit/fernet.ts";
import { runPython } from "../support/python.ts";
import { missing } from "../support/require.ts";

const NOW_MS = Date.parse("2030-01-01T00:00:00Z");
const TEXTS = ["", "text", "ünïcödé 🎉", "x".repeat(1000), '{"a": 1}'];

function key(text = generateFernetKey()): FernetKey {
  const parsed = parseFernetKey(text);
  if (!parsed) throw new Error("no key");
  return parsed;
}

test.each(TEXTS)("what is encrypted is read with the same key only (%#)", (text) => {
  const own = key();

  const token = encryptFernet(own, text, NOW_MS);

  expect([decryptFernet(own, token), decryptFernet(key(), token)]).toEqual([text, undefined]);
});

test("a token that was changed anywhere is not read", () => {
  const own = key();
  const token = encryptFernet(own, "text", NOW_MS);
  const bytes = Buffer.from(token, "base64url");
  const changed = Array.from(bytes, (byte, at) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(byte ^ 1, at);
    return copy.toString("base64url");
  });

  expect([...changed, "", "text", token.slice(0, 60)].map((each) => decryptFernet(own, each))).toEqual(
    Array.from({ length: changed.length + 3 }, () => undefined),
  );
});

test.each(["", "short", `${"a".repeat(44)}`, "ä".repeat(43), `${generateFernetKey()}x`])("%j is no key", (text) => {
  expect(parseFernetKey(text)).toBeUndefined();
});

describe.skipIf(missing("reference-3.9.1"))("compared with Python", () => {
  test("each reads what the other writes", async () => {
    const text = generateFernetKey();
    const tokens = TEXTS.map((each) => encryptFernet(key(text), each, NOW_MS));
    const code = `
import json, sys
from cryptography.fernet import Fernet
key, tokens = json.loads(sys.argv[1])
fernet = Fernet(key.encode())
texts = [fernet.decrypt(token.encode()).decode() for token in tokens]
print(json.dumps([texts, [fernet.encrypt(text.encode()).decode() for text in texts]]))
`;

    const answer = await runPython("3.9.1", code, { args: [JSON.stringify([text, tokens])] });
    const [texts, theirs] = JSON.parse(answer) as [string[], string[]];

    expect([texts, theirs.map((token) => decryptFernet(key(text), token))]).toEqual([TEXTS, TEXTS]);
  }, 60_000);
});
