interface WrapStyle {
  readonly width: number;
  readonly breaksWords: boolean;
  readonly breaksHyphens: boolean;
}

/** Breaks one line into lines of at most `width` characters, at white space and behind hyphens. */
export function wrapLine(line: string, style: WrapStyle): readonly string[] {
  const chunks = chunksOf(line, style).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && chunks.at(-1)?.trim() === "") chunks.pop();
    const current = takeLine(chunks, style);
    while (current.at(-1)?.trim() === "") current.pop();
    if (current.length > 0) lines.push(current.join(""));
  }
  return lines;
}

function takeLine(chunks: string[], { width, breaksWords }: WrapStyle): string[] {
  const current: string[] = [];
  let length = 0;
  for (let next = chunks.at(-1); next !== undefined && length + next.length <= width; next = chunks.at(-1)) {
    current.push(next);
    length += next.length;
    chunks.pop();
  }
  const long = chunks.at(-1);
  if (long === undefined || long.length <= width) return current;
  if (breaksWords) {
    const room = Math.max(1, width - length);
    current.push(long.slice(0, room));
    chunks[chunks.length - 1] = long.slice(room);
  } else if (current.length === 0) {
    current.push(long);
    chunks.pop();
  }
  return current;
}

function chunksOf(line: string, { breaksHyphens }: WrapStyle): string[] {
  const words = line.split(/(\s+)/u).filter((chunk) => chunk !== "");
  return breaksHyphens ? words.flatMap((word) => word.split(/(?<=\p{L}{2}-)(?=\p{L})/u)) : words;
}
