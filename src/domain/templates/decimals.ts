const MAX_DIGITS = 100;
const MORE_DIGITS = 40;

/** A positive number with that many digits behind the point; exact halves go to the even digit. */
export function fixed(size: number, digits: number): string {
  const shown = Math.min(digits, MAX_DIGITS);
  const text = size < 1e21 ? halfEven(size, shown) : wholeText(size, shown);
  return digits > shown ? text + "0".repeat(digits - shown) : text;
}

/** The same below 1e21 and for up to 100 digits: `toFixed` is exact, but takes exact halves up. */
export function halfEven(size: number, digits: number): string {
  const text = size.toFixed(digits);
  const [, fraction = ""] = size.toFixed(Math.min(MAX_DIGITS, digits + MORE_DIGITS)).split(".");
  if (!/^50*$/.test(fraction.slice(digits))) return text;
  const down = size
    .toFixed(digits + 1)
    .slice(0, -1)
    .replace(/\.$/, "");
  return Number(down.at(-1)) % 2 === 0 ? down : text;
}

function wholeText(size: number, digits: number): string {
  return digits === 0 ? String(BigInt(size)) : `${BigInt(size)}.${"0".repeat(digits)}`;
}
