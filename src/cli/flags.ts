import { isUuid } from "../kit/ids.ts";
import { UsageInvalid } from "./exit.ts";

/** An option of a command. */
export interface Flag<T> {
  /** As commander writes it: `-o, --output <format>`. */
  readonly syntax: string;
  readonly doc: string;
  readonly fallback: T;
  /** `switch`: on or off; `value`: takes one; `many`: may be repeated. */
  readonly kind: "switch" | "value" | "many";
  /** The spelling that switches it off, when it is not `--no-…`. */
  readonly offSyntax?: string;
  parse(raw: string): unknown;
}

/** An argument without a name of its own on the command line. */
export interface Positional<T> {
  readonly doc: string;
  readonly kind: "required" | "optional" | "many" | "any";
  /** The type of its value; nothing at run time. */
  readonly type?: T;
  parse(raw: string, name: string): unknown;
}

const asIs = (raw: string) => raw;

/** On or off; off when not given. */
export function switchFlag(syntax: string, doc: string): Flag<boolean> {
  return { syntax, doc, fallback: false, kind: "switch", parse: asIs };
}

/** On, off, or undefined when not given; `--no-…` switches it off unless `off` names another spelling. */
export function onOffFlag(syntax: string, doc: string, off?: string): Flag<boolean | undefined> {
  return {
    syntax,
    doc,
    fallback: undefined,
    kind: "switch",
    parse: asIs,
    ...(off === undefined ? {} : { offSyntax: off }),
  };
}

/** On unless switched off. */
export function onFlag(syntax: string, doc: string, off?: string): Flag<boolean> {
  return { syntax, doc, fallback: true, kind: "switch", parse: asIs, ...(off === undefined ? {} : { offSyntax: off }) };
}

/** Text, or undefined when not given. */
export function textFlag(syntax: string, doc: string): Flag<string | undefined> {
  return { syntax, doc, fallback: undefined, kind: "value", parse: asIs };
}

/** Several texts: the flag may be repeated. */
export function textsFlag(syntax: string, doc: string): Flag<readonly string[]> {
  return { syntax, doc, fallback: [], kind: "many", parse: asIs };
}

/** A whole number with a default. */
export function integerFlag<Fallback extends number | undefined>(
  syntax: string,
  doc: string,
  fallback: Fallback,
): Flag<number | Fallback> {
  return { syntax, doc, fallback, kind: "value", parse: (raw) => wholeNumber(raw, syntax) };
}

/** A number, or undefined when not given. */
export function numberFlag(syntax: string, doc: string): Flag<number | undefined> {
  return { syntax, doc, fallback: undefined, kind: "value", parse: (raw) => anyNumber(raw, syntax) };
}

/** Several numbers: the flag may be repeated. */
export function numbersFlag(syntax: string, doc: string): Flag<readonly number[]> {
  return { syntax, doc, fallback: [], kind: "many", parse: (raw) => anyNumber(raw, syntax) };
}

/** `-o json`, for every command that prints data. */
export const outputFlag: Flag<"json" | undefined> = {
  syntax: "-o, --output <format>",
  doc: "Print as: json.",
  fallback: undefined,
  kind: "value",
  parse(raw) {
    if (raw.toLowerCase() === "json") return "json";
    throw UsageInvalid("Only 'json' output format is supported.");
  },
};

export function argument(doc: string): Positional<string> {
  return { doc, kind: "required", parse: asIs };
}

export function optionalArgument(doc: string): Positional<string | undefined> {
  return { doc, kind: "optional", parse: asIs };
}

/** One or more. */
export function manyArguments(doc: string): Positional<readonly string[]> {
  return { doc, kind: "many", parse: asIs };
}

/** Any number, none included. */
export function anyArguments(doc: string): Positional<readonly string[]> {
  return { doc, kind: "any", parse: asIs };
}

export function idArgument(doc: string): Positional<string> {
  return { doc, kind: "required", parse: uuid };
}

export function optionalIdArgument(doc: string): Positional<string | undefined> {
  return { doc, kind: "optional", parse: uuid };
}

function uuid(raw: string, name: string): string {
  const hyphenated = raw.replace(
    /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i,
    "$1-$2-$3-$4-$5",
  );
  if (isUuid(hyphenated)) return hyphenated.toLowerCase();
  throw UsageInvalid(`Invalid value for ${name}: '${raw}' is not a UUID.`);
}

function nameOf(syntax: string): string {
  return /--[\w-]+/.exec(syntax)?.[0] ?? syntax;
}

function wholeNumber(raw: string, syntax: string): number {
  if (/^[+-]?\d+$/.test(raw)) return Number(raw);
  throw UsageInvalid(`Invalid value for ${nameOf(syntax)}: '${raw}' is not a whole number.`);
}

function anyNumber(raw: string, syntax: string): number {
  const value = Number(raw);
  if (raw.trim() !== "" && Number.isFinite(value)) return value;
  throw UsageInvalid(`Invalid value for ${nameOf(syntax)}: '${raw}' is not a number.`);
}
