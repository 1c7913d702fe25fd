/** A parsed search: a text matches when it contains one of `include`, all of `required` and none of `exclude`. */
export interface TextSearch {
  readonly include: readonly string[];
  readonly required: readonly string[];
  readonly exclude: readonly string[];
}

/** An optional prefix that touches what follows, then a phrase in quotes (the last may be open) or a bare term. */
const TOKEN = /([-!+](?=\S))?(?:"((?:\\[\s\S]|[^"])*)"?|([^\s"]+))/g;

/**
 * Reads `term`, `"a phrase"`, `-excluded`, `!excluded` and `+required`. Inside quotes `\"` and `\\` stand for the
 * characters themselves. A prefix on its own is ignored.
 */
export function parseTextSearch(query: string): TextSearch {
  const include: string[] = [];
  const required: string[] = [];
  const exclude: string[] = [];
  for (const [, prefix, phrase, term] of query.matchAll(TOKEN)) {
    const text = phrase?.replace(/\\(["\\])/g, "$1") ?? term ?? "";
    const isLonePrefix = prefix === undefined && /^[-!+]$/.test(term ?? "");
    if (text.trim() === "" || isLonePrefix) continue;
    if (prefix === undefined) include.push(text);
    else (prefix === "+" ? required : exclude).push(text);
  }
  return { include, required, exclude };
}
