const BEYOND_ASCII = /[^ -~]/g;

/**
 * What is wrong with parameters whose compact JSON is longer than `maxBytes` (0 means no limit), or undefined.
 * Characters beyond ASCII count as their escapes (`\\u00e9`: 6 bytes), as in the reference.
 */
export function checkParameterSize(
  parameters: Readonly<Record<string, unknown>>,
  maxBytes: number,
): string | undefined {
  if (maxBytes <= 0) return undefined;
  const text = JSON.stringify(parameters);
  // An escape is at most six times as long, so most parameters need no counting.
  if (text.length * 6 <= maxBytes) return undefined;
  const bytes = text.length + 5 * (text.match(BEYOND_ASCII)?.length ?? 0);
  if (bytes <= maxBytes) return undefined;
  const [limit, size] = [maxBytes.toLocaleString("en"), bytes.toLocaleString("en")];
  return `Flow run parameters must be less than ${limit} bytes when serialized (got ${size} bytes).`;
}
