import { pythonRepr } from "../parameters/python-repr.ts";

/** A text between quotes as Python's `repr` gives it. */
export function quotedText(text: string): string {
  return pythonRepr(text);
}

/** Characters as Python counts them. */
export function characters(text: string): readonly string[] {
  return Array.from(text);
}

const SURROGATE = /[\ud800-\udfff]/;

export function textLength(text: string): number {
  return SURROGATE.test(text) ? characters(text).length : text.length;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

export function capitalized(text: string): string {
  const [first = "", ...rest] = characters(text);
  return first.toUpperCase() + rest.join("").toLowerCase();
}

/** What Python takes for the end of a line. */
const LINE_ENDS = ["\r\n", "\n", "\r", "\v", "\f", "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029"];
const LINE_END = new RegExp(LINE_ENDS.join("|"), "g");

/** Lines without their ends; an end at the very end begins no further line. */
export function splitLines(text: string): readonly string[] {
  const lines = text.split(LINE_END);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

export function padded(
  text: string,
  width: number,
  how: { readonly align: "<" | ">" | "^"; readonly fill: string },
): string {
  const missing = Math.max(0, width - textLength(text));
  const left = how.align === "<" ? 0 : how.align === ">" ? missing : Math.floor(missing / 2);
  return how.fill.repeat(left) + text + how.fill.repeat(missing - left);
}

/** As `str.strip(chars)`: without `chars`, white space goes. */
export function stripped(text: string, chars: string | undefined, side: "both" | "left" | "right" = "both"): string {
  const isStripped = chars === undefined ? (char: string) => /\s/u.test(char) : (char: string) => chars.includes(char);
  const all = characters(text);
  let start = 0;
  let end = all.length;
  while (side !== "right" && start < end && isStripped(all[start] ?? "")) start += 1;
  while (side !== "left" && end > start && isStripped(all[end - 1] ?? "")) end -= 1;
  return all.slice(start, end).join("");
}
