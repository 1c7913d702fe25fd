import { defineError } from "../kit/errors.ts";

/** A command that cannot do what was asked: the message goes to standard error, the code to the caller. */
export const CommandFailed = defineError("COMMAND_FAILED", 500, (message: string, exitCode = 1) => ({
  message,
  details: { exitCode },
}));

/** The command line itself is wrong. */
export const UsageInvalid = defineError("USAGE_INVALID", 500, (message: string) => message);
