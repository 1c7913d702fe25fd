import { TemplateProblem } from "./errors.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const ESCAPE = /\\(?:[0-7]{1,3}|x[\da-fA-F]{0,2}|u[\da-fA-F]{0,4}|U[\da-fA-F]{0,8}|.|$)/gsu;
const FORMS: Readonly<Record<string, { readonly digits: number; readonly form: string }>> = {
  x: { digits: 2, form: "\\xXX" },
  u: { digits: 4, form: "\\uXXXX" },
  U: { digits: 8, form: "\\UXXXXXXXX" },
};
const MAX_CODE = 0x10ffff;

/** Resolves the backslash escapes of a string literal as Python does; one it does not know stays as it is. */
export function readString(text: string, line: number): string {
  return text.replaceAll(ESCAPE, (whole) => {
    const [first = "", ...rest] = whole.slice(1);
    const hex = FORMS[first];
    if (hex) return fromHex(rest.join(""), { ...hex, line });
    if (/[0-7]/.test(first)) return String.fromCharCode(Number.parseInt(whole.slice(1), 8));
    return SIMPLE[first] ?? whole;
  });
}

function fromHex(hex: string, how: { readonly digits: number; readonly form: string; readonly line: number }): string {
  if (hex.length < how.digits) throw new TemplateProblem(`truncated ${how.form} escape`, how.line);
  const code = Number.parseInt(hex, 16);
  if (code > MAX_CODE) throw new TemplateProblem("illegal Unicode character", how.line);
  return String.fromCodePoint(code);
}
