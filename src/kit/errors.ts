/** One error of a catalogue: a permanent code, the HTTP status it maps to, and text made from its arguments. */
export class PrefectError extends Error {
  readonly code: string;
  readonly status: number;
  /** Extra body fields or headers for the HTTP edge, for example `{ retryAfterSeconds: 10 }`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, status: number, options: { message: string; cause?: unknown; details?: object }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code;
    this.code = code;
    this.status = status;
    this.details = { ...options.details };
  }
}

export interface ErrorFactory<Args extends readonly unknown[]> {
  (...args: Args): PrefectError;
  readonly code: string;
  readonly status: number;
  /** True when `error` was made by this factory. */
  is(error: unknown): error is PrefectError;
}

/**
 * Declares one entry of a catalogue. Codes are permanent: renaming one is a breaking change.
 *
 * @example
 * export const FlowNotFound = defineError("FLOW_NOT_FOUND", 404, (id: string) => `Flow ${id} was not found.`);
 * throw FlowNotFound(id);
 */
export function defineError<Args extends readonly unknown[]>(
  code: string,
  status: number,
  text: (...args: Args) => string | { message: string; cause?: unknown; details?: object },
): ErrorFactory<Args> {
  const factory = (...args: Args) => {
    const made = text(...args);
    return new PrefectError(code, status, typeof made === "string" ? { message: made } : made);
  };
  return Object.assign(factory, {
    code,
    status,
    is: (error: unknown): error is PrefectError => error instanceof PrefectError && error.code === code,
  });
}
