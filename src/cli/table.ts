/** How a table looks. */
export interface TableOptions {
  readonly columns: readonly Column[];
  readonly title?: string;
  readonly caption?: string;
}

interface Column {
  readonly title: string;
  /** Whether its texts may be cut, with an ellipsis, when the line is too long. @default false */
  readonly mayShrink?: boolean;
}

const GAP = "  ";
const NARROWEST = 8;

/** The lines of a table, the titles first, none longer than `width` unless its fixed columns alone are. */
export function fitColumns(
  rows: readonly (readonly string[])[],
  { columns }: TableOptions,
  width: number,
): readonly string[] {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(singleLine))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => textWidth(line[index] ?? ""))));
  const limits = shrink(widths, columns, width - GAP.length * (columns.length - 1));
  return lines.map((line) =>
    line
      .map((cell, index) => pad(cell, limits[index] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

function singleLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}

/** Takes characters from the widest column that may shrink until the sum of all fits. */
function shrink(widths: readonly number[], columns: readonly Column[], available: number): readonly number[] {
  const limits = [...widths];
  for (let excess = sum(limits) - available; excess > 0; excess--) {
    const widest = columns
      .map(({ mayShrink }, index) => ({ index, width: mayShrink === true ? (limits[index] ?? 0) : 0 }))
      .reduce((best, column) => (column.width > best.width ? column : best), { index: -1, width: NARROWEST });
    if (widest.index === -1) break;
    limits[widest.index] = widest.width - 1;
  }
  return limits;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0);
}

function textWidth(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number): string {
  const characters = [...text];
  if (characters.length > width) return `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
  return text + " ".repeat(width - characters.length);
}
