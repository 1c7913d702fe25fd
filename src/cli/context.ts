import type { Client } from "../client/index.ts";
import type { ResolvedSettings, Settings, SettingsInputs } from "../settings/index.ts";
import type { Output } from "./output.ts";

/** What every command is given. */
export interface Context {
  readonly out: Output;
  readonly settings: Settings;
  readonly resolved: ResolvedSettings;
  /** What the settings were loaded from, to load them again for another profile. */
  readonly inputs: SettingsInputs;
  /** Whether questions may be asked. */
  readonly isInteractive: boolean;
  /** A client of the configured API, closed when the command ends. Throws CommandFailed when none is configured. */
  client(): Promise<Client>;
  /** Asks for text; an empty answer gives `fallback`. */
  ask(question: string, fallback?: string): Promise<string>;
  /** Asks a yes/no question until it is answered with one of them. */
  confirm(question: string): Promise<boolean>;
  /** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process. Without this call the first one does. */
  interruption(): AbortSignal;
  /** Leaves Ctrl-C and SIGTERM to others from now on. */
  leaveSignals(): void;
}
