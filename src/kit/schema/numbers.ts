import { rawNumberText, toNumber } from "../json.ts";
import { defineSchema, Failure, fail, type JsonSchemaNode, type Schema } from "./core.ts";

export interface NumberOptions {
  readonly ge?: number;
  readonly le?: number;
  readonly gt?: number;
  readonly lt?: number;
  /** Refuse strings, booleans and (for `integer`) `1.0`. */
  readonly strict?: boolean;
}

const INTEGER_TEXT = /^\s*[+-]?\d+(?:_\d+)*(?:\.0+)?\s*$/;
const NUMBER_TEXT = /^\s*[+-]?(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const FRACTION_OR_EXPONENT = /[.eE]/;
const INFINITE_TEXT = /^\s*[+-]?(?:nan|inf|infinity)\s*$/i;

/** A whole number JavaScript holds exactly; larger ones are refused. Takes `1.0`, `"1"` and booleans as pydantic does. */
export function integer(options: NumberOptions = {}): Schema<number> {
  const check = boundChecks(options);
  const read = options.strict === true ? readStrictInteger : readInteger;
  return defineSchema({
    label: check === undefined ? "int" : "constrained-int",
    jsonSchema: { type: "integer", ...boundKeywords(options) },
    isExact: isIntegerLiteral,
    run(input) {
      const value = read(input);
      return value instanceof Failure ? value : (check?.(value, input) ?? value);
    },
  });
}

/** A finite number. Takes numeric strings and booleans as pydantic does. */
export function number(options: NumberOptions = {}): Schema<number> {
  const check = boundChecks(options);
  const strict = options.strict === true;
  return defineSchema({
    label: check === undefined ? "float" : "constrained-float",
    jsonSchema: { type: "number", ...boundKeywords(options) },
    isExact: (input) => toNumber(input) !== undefined,
    run(input) {
      const value = strict ? (toNumber(input) ?? notNumber(input)) : readNumber(input);
      if (value instanceof Failure) return value;
      if (!Number.isFinite(value)) return notFinite(input);
      return check?.(value, input) ?? value;
    },
  });
}

/** True or false. Takes 0, 1 and words like `"yes"` as pydantic does, unless strict. */
export function boolean(options: { readonly strict?: boolean } = {}): Schema<boolean> {
  const strict = options.strict === true;
  return defineSchema({
    label: "bool",
    jsonSchema: { type: "boolean" },
    isExact: (input) => typeof input === "boolean",
    run(input) {
      if (typeof input === "boolean") return input;
      return strict ? notBoolean(input) : readBoolean(input);
    },
  });
}

function isIntegerLiteral(input: unknown): boolean {
  if (typeof input === "number") return Number.isInteger(input);
  const raw = rawNumberText(input);
  return raw !== undefined && !FRACTION_OR_EXPONENT.test(raw);
}

function readInteger(input: unknown): number | Failure {
  if (typeof input === "number" && Number.isSafeInteger(input)) return input;
  if (typeof input === "string") return integerFromText(input);
  if (typeof input === "boolean") return input ? 1 : 0;
  const value = toNumber(input);
  return value === undefined ? notInteger(input) : wholeNumber(value, input);
}

function readStrictInteger(input: unknown): number | Failure {
  if (isIntegerLiteral(input)) return wholeNumber(toNumber(input) ?? Number.NaN, input);
  return notInteger(input);
}

function integerFromText(input: string): number | Failure {
  if (INTEGER_TEXT.test(input)) return wholeNumber(Number(input.replaceAll("_", "")), input);
  const msg = "Input should be a valid integer, unable to parse string as an integer";
  return fail("int_parsing", msg, { input: input.toWellFormed() });
}

function wholeNumber(value: number, input: unknown): number | Failure {
  if (Number.isSafeInteger(value)) return value;
  if (Number.isInteger(value)) {
    const msg = "Unable to parse input string as an integer, exceeded maximum size";
    return fail("int_parsing_size", msg, { input });
  }
  if (!Number.isFinite(value)) return notFinite(input);
  return fail("int_from_float", "Input should be a valid integer, got a number with a fractional part", { input });
}

function readNumber(input: unknown): number | Failure {
  if (typeof input === "number") return input;
  if (typeof input === "string") return numberFromText(input);
  if (typeof input === "boolean") return input ? 1 : 0;
  return toNumber(input) ?? notNumber(input);
}

function numberFromText(input: string): number | Failure {
  if (NUMBER_TEXT.test(input)) return Number(input.replaceAll("_", ""));
  if (INFINITE_TEXT.test(input)) return notFinite(input);
  const msg = "Input should be a valid number, unable to parse string as a number";
  return fail("float_parsing", msg, { input: input.toWellFormed() });
}

function readBoolean(input: unknown): boolean | Failure {
  if (typeof input === "string") {
    const word = input.toLowerCase();
    if (word === "true" || word === "1" || word === "t" || word === "on" || word === "y" || word === "yes") return true;
    if (word === "false" || word === "0" || word === "f" || word === "off" || word === "n" || word === "no")
      return false;
    return uninterpretable(input.toWellFormed());
  }
  const value = toNumber(input);
  if (value === 1) return true;
  if (value === 0) return false;
  return Number.isInteger(value) ? uninterpretable(input) : notBoolean(input);
}

function uninterpretable(input: unknown): Failure {
  return fail("bool_parsing", "Input should be a valid boolean, unable to interpret input", { input });
}

function notBoolean(input: unknown): Failure {
  return fail("bool_type", "Input should be a valid boolean", { input });
}

function notInteger(input: unknown): Failure {
  return fail("int_type", "Input should be a valid integer", { input });
}

function notNumber(input: unknown): Failure {
  return fail("float_type", "Input should be a valid number", { input });
}

function notFinite(input: unknown): Failure {
  return fail("finite_number", "Input should be a finite number", { input });
}

function boundKeywords(options: NumberOptions): JsonSchemaNode {
  const { ge, le, gt, lt } = options;
  return {
    ...(ge === undefined ? {} : { minimum: ge }),
    ...(le === undefined ? {} : { maximum: le }),
    ...(gt === undefined ? {} : { exclusiveMinimum: gt }),
    ...(lt === undefined ? {} : { exclusiveMaximum: lt }),
  };
}

function boundChecks(options: NumberOptions): ((value: number, input: unknown) => Failure | undefined) | undefined {
  const { ge, le, gt, lt } = options;
  if (ge === undefined && le === undefined && gt === undefined && lt === undefined) return undefined;
  return (value, input) => {
    if (le !== undefined && value > le) return outOfBounds("less_than_equal", { le }, input);
    if (lt !== undefined && value >= lt) return outOfBounds("less_than", { lt }, input);
    if (ge !== undefined && value < ge) return outOfBounds("greater_than_equal", { ge }, input);
    if (gt !== undefined && value <= gt) return outOfBounds("greater_than", { gt }, input);
    return undefined;
  };
}

const BOUND_WORDS = {
  less_than_equal: "less than or equal to",
  less_than: "less than",
  greater_than_equal: "greater than or equal to",
  greater_than: "greater than",
} as const;

function outOfBounds(type: keyof typeof BOUND_WORDS, ctx: Record<string, number>, input: unknown): Failure {
  return fail(type, `Input should be ${BOUND_WORDS[type]} ${Object.values(ctx)[0]}`, { input, ctx });
}
