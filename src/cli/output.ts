import { styleText } from "node:util";
import { fitColumns, type TableOptions } from "./table.ts";

type Style = Parameters<typeof styleText>[0];

/** Where a command prints: data and successes on standard output, everything else on standard error. */
export interface Output {
  readonly isTerminal: boolean;
  /** Width of a line in characters. */
  readonly width: number;
  line(text?: string): void;
  /** A sentence about what was done, in green. */
  success(text: string): void;
  /** Indented JSON. */
  json(value: unknown): void;
  table(rows: readonly (readonly string[])[], options: TableOptions): void;
  /** A sentence about what may be wrong, on standard error. */
  warn(text: string): void;
  error(text: string): void;
  /** `text` with colours, or as it is where colours are off. */
  style(style: Style, text: string): string;
}

interface OutputOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** False when the setting PREFECT_CLI_COLORS is. */
  readonly hasColors: boolean;
}

/** Colours appear on a terminal only. A table is at most as wide as the terminal, 80 characters elsewhere. */
export function createOutput({ stdout, stderr, hasColors }: OutputOptions): Output {
  const paint = (stream: NodeJS.WriteStream) => (style: Style, text: string) =>
    hasColors && stream.isTTY ? styleText(style, text, { stream }) : text;
  const style = paint(stdout);
  const width = stdout.isTTY ? stdout.columns : 80;
  const line = (text = "") => void stdout.write(`${text}\n`);
  return {
    isTerminal: stdout.isTTY === true,
    width,
    line,
    style,
    success: (text) => line(style("green", text)),
    json: (value) => line(JSON.stringify(value, null, 2)),
    table(rows, options) {
      const [header = "", ...body] = fitColumns(rows, options, width);
      if (options.title !== undefined) line(style("italic", options.title));
      line(style("bold", header));
      for (const row of body) line(row);
      if (options.caption !== undefined) line(style("dim", options.caption));
    },
    warn: (text) => void stderr.write(`${paint(stderr)("yellow", text)}\n`),
    error: (text) => void stderr.write(`${paint(stderr)("red", text)}\n`),
  };
}
