import { relative, resolve, sep } from "node:path";
import { findAssignment } from "../call-site.ts";
import type { FlowDefinition } from "../definitions.ts";
import { FlowNotExported } from "../errors.ts";
import type { Schedule } from "./schedules.ts";

export interface DeploymentOptions extends Schedule {
  /** @default the flow's name */
  readonly name?: string;
  /** More than one schedule; without those given by `cron`, `intervalSeconds` or `rrule`. */
  readonly schedules?: readonly Schedule[];
  /** @default false */
  readonly paused?: boolean;
  /** Defaults for the runs' parameters. */
  readonly parameters?: object;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly version?: string;
  /** Whether the API refuses parameters that do not fit the schema. @default true */
  readonly enforceParameterSchema?: boolean;
  /** Most runs of this deployment at once, in all processes. @default no limit */
  readonly concurrencyLimit?: number;
}

/** A flow with what its deployment should be; known to the API once it is served. */
export interface FlowDeployment {
  readonly definition: FlowDefinition;
  readonly options: DeploymentOptions;
}

/** The schedules the options ask for, or undefined when they say nothing about schedules. */
export function schedulesOf(options: DeploymentOptions): readonly Schedule[] | undefined {
  if (options.schedules) return options.schedules;
  const { cron, dayOr, intervalSeconds, anchorDate, rrule, timezone, active } = options;
  if (cron === undefined && intervalSeconds === undefined && rrule === undefined) return undefined;
  const all = { cron, dayOr, intervalSeconds, anchorDate, rrule, timezone, active };
  return [Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))];
}

/** `path/to/file.ts:name`, relative to `cwd` when the file lies in it. Throws FLOW_NOT_EXPORTED. */
export function entrypointOf(definition: FlowDefinition, cwd: string): string {
  const { callSite, name } = definition;
  const assignment = callSite && findAssignment(callSite);
  if (!callSite || !assignment?.isExported) throw FlowNotExported(name);
  const path = relative(cwd, resolve(callSite.file));
  const isInside = path !== "" && !path.startsWith("..") && !path.startsWith(sep);
  return `${isInside ? path : resolve(callSite.file)}:${assignment.name}`;
}
