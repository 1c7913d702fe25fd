import { defineSchema, type Failure, fail, type Schema } from "./core.ts";
import { notUnicode } from "./text.ts";

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEX = /^[0-9a-f]*$/;
const GROUP_LENGTHS = [8, 4, 4, 4, 12];

/** A uuid of any version, given back in lower case with hyphens. Takes the simple, braced and urn forms too. */
export function uuid(): Schema<string> {
  return defineSchema({
    label: "uuid",
    jsonSchema: { type: "string", format: "uuid" },
    run(input) {
      if (typeof input !== "string") {
        return fail("uuid_type", "UUID input should be a string, bytes or UUID object", { input });
      }
      return CANONICAL.test(input) ? input : readOtherForm(input);
    },
  });
}

function readOtherForm(input: string): string | Failure {
  if (!input.isWellFormed()) return notUnicode(input);
  const bare = unwrap(input).toLowerCase();
  if (CANONICAL.test(bare)) return bare;
  if (bare.length === 32 && HEX.test(bare)) {
    return [bare.slice(0, 8), bare.slice(8, 12), bare.slice(12, 16), bare.slice(16, 20), bare.slice(20)].join("-");
  }
  const error = explain(input);
  return fail("uuid_parsing", `Input should be a valid UUID, ${error}`, { input, ctx: { error } });
}

function unwrap(input: string): string {
  if (input.startsWith("urn:uuid:")) return input.slice(9);
  return input.startsWith("{") && input.endsWith("}") ? input.slice(1, -1) : input;
}

function explain(input: string): string {
  const stray = [...input].findIndex((character) => !/[0-9a-fA-F-]/.test(character));
  if (stray !== -1) return `invalid character: found \`${[...input][stray]}\` at ${stray}`;
  const groups = input.split("-");
  if (groups.length === 1) return `invalid length: found ${input.length}`;
  if (groups.length !== 5) return `invalid group count: expected 5, found ${groups.length}`;
  const wrong = groups.findIndex((group, index) => group.length !== GROUP_LENGTHS[index]);
  const found = groups[wrong]?.length ?? 0;
  return `invalid group length in group ${wrong}: expected ${GROUP_LENGTHS[wrong]}, found ${found}`;
}
