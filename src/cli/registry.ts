import type { Command } from "./command.ts";

/** A word that has commands below it. */
export interface Group {
  readonly summary: string;
  readonly aliases?: readonly string[];
}

/** Groups by their words. */
export const groups: Readonly<Record<string, Group>> = {
  config: { summary: "View and set settings." },
  deployment: { summary: "Work with deployments.", aliases: ["deployments"] },
  "deployment schedule": { summary: "Work with the schedules of deployments." },
  flow: { summary: "View and serve flows.", aliases: ["flows"] },
  "flow-run": { summary: "Work with flow runs.", aliases: ["flow-runs"] },
  profile: { summary: "Select and manage profiles.", aliases: ["profiles"] },
  server: { summary: "Start and manage a server." },
  "server database": { summary: "Work with the database of a server." },
  "server services": { summary: "Work with the services of a server." },
  worker: { summary: "Start workers." },
  "work-pool": { summary: "Work with work pools.", aliases: ["work-pools"] },
  "work-queue": { summary: "Work with work queues.", aliases: ["work-queues"] },
  webhook: { summary: "Work with webhooks: addresses that turn calls into events.", aliases: ["webhooks"] },
};

/** Summaries of the commands without a group, so that the first help a user asks for loads none of them. */
export const topLevelSummaries: Readonly<Record<string, string>> = {
  api: "Send a request to the API and print its answer.",
  deploy: "Create or change deployments of flows.",
  dev: "Start a server and serve the flows of your files, loading them anew on save.",
  init: "Start a prefect.yaml in this folder.",
  version: "Show the version of Prefect and of what it runs on.",
};

/** Other words for a command. */
const commandAliases: Readonly<Record<string, string>> = {
  "server services disable": "server services stop",
  "server services enable": "server services start",
  "server services list": "server services ls",
};

/** Every command by its words. Only the one that is run is loaded. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  api: async () => (await import("./commands/api.ts")).api,
  "config set": async () => (await import("./commands/config/set.ts")).set,
  "config unset": async () => (await import("./commands/config/unset.ts")).unset,
  "config validate": async () => (await import("./commands/config/validate.ts")).validate,
  "config view": async () => (await import("./commands/config/view.ts")).view,
  deploy: async () => (await import("./commands/deploy.ts")).deploy,
  "deploy init": async () => (await import("./commands/init.ts")).init,
  "deployment delete": async () => (await import("./commands/deployment/delete.ts")).deleteDeployment,
  "deployment inspect": async () => (await import("./commands/deployment/inspect.ts")).inspect,
  "deployment ls": async () => (await import("./commands/deployment/ls.ts")).ls,
  "deployment run": async () => (await import("./commands/deployment/run.ts")).run,
  "deployment schedule clear": async () => (await import("./commands/deployment/schedule/clear.ts")).clear,
  "deployment schedule create": async () => (await import("./commands/deployment/schedule/create.ts")).create,
  "deployment schedule delete": async () => (await import("./commands/deployment/schedule/delete.ts")).deleteSchedule,
  "deployment schedule ls": async () => (await import("./commands/deployment/schedule/ls.ts")).ls,
  "deployment schedule pause": async () => (await import("./commands/deployment/schedule/activation.ts")).pause,
  "deployment schedule resume": async () => (await import("./commands/deployment/schedule/activation.ts")).resume,
  dev: async () => (await import("./commands/dev.ts")).dev,
  "flow ls": async () => (await import("./commands/flow/ls.ts")).ls,
  "flow serve": async () => (await import("./commands/flow/serve.ts")).serve,
  "flow-run cancel": async () => (await import("./commands/flow-run/cancel.ts")).cancel,
  "flow-run delete": async () => (await import("./commands/flow-run/delete.ts")).deleteFlowRun,
  "flow-run execute": async () => (await import("./commands/flow-run/execute.ts")).execute,
  "flow-run inspect": async () => (await import("./commands/flow-run/inspect.ts")).inspect,
  "flow-run logs": async () => (await import("./commands/flow-run/logs.ts")).logs,
  "flow-run ls": async () => (await import("./commands/flow-run/ls.ts")).ls,
  init: async () => (await import("./commands/init.ts")).init,
  "profile create": async () => (await import("./commands/profile/create.ts")).create,
  "profile delete": async () => (await import("./commands/profile/delete.ts")).deleteProfile,
  "profile inspect": async () => (await import("./commands/profile/inspect.ts")).inspect,
  "profile ls": async () => (await import("./commands/profile/ls.ts")).ls,
  "profile populate-defaults": async () => (await import("./commands/profile/populate-defaults.ts")).populateDefaults,
  "profile rename": async () => (await import("./commands/profile/rename.ts")).rename,
  "profile use": async () => (await import("./commands/profile/use.ts")).use,
  "server database downgrade": async () => (await import("./commands/server/database/downgrade.ts")).downgrade,
  "server database hand-back": async () => (await import("./commands/server/database/hand-back.ts")).handBack,
  "server database optimize": async () => (await import("./commands/server/database/optimize.ts")).optimize,
  "server database reset": async () => (await import("./commands/server/database/reset.ts")).reset,
  "server database revision": async () => (await import("./commands/server/database/revision.ts")).revision,
  "server database stamp": async () => (await import("./commands/server/database/stamp.ts")).stamp,
  "server database upgrade": async () => (await import("./commands/server/database/upgrade.ts")).upgrade,
  "server services ls": async () => (await import("./commands/server/services/ls.ts")).ls,
  "server services start": async () => (await import("./commands/server/services/start.ts")).start,
  "server services stop": async () => (await import("./commands/server/services/stop.ts")).stop,
  "server start": async () => (await import("./commands/server/start.ts")).start,
  "server status": async () => (await import("./commands/server/status.ts")).status,
  "server stop": async () => (await import("./commands/server/stop.ts")).stop,
  version: async () => (await import("./commands/version.ts")).version,
  "webhook create": async () => (await import("./commands/webhook/create.ts")).create,
  "webhook delete": async () => (await import("./commands/webhook/delete.ts")).deleteWebhook,
  "webhook get": async () => (await import("./commands/webhook/get.ts")).get,
  "webhook ls": async () => (await import("./commands/webhook/ls.ts")).ls,
  "webhook rotate": async () => (await import("./commands/webhook/rotate.ts")).rotate,
  "webhook toggle": async () => (await import("./commands/webhook/toggle.ts")).toggle,
  "webhook update": async () => (await import("./commands/webhook/update.ts")).update,
  "worker start": async () => (await import("./commands/worker/start.ts")).start,
  "work-pool clear-concurrency-limit": async () =>
    (await import("./commands/work-pool/changes.ts")).clearConcurrencyLimit,
  "work-pool create": async () => (await import("./commands/work-pool/create.ts")).create,
  "work-pool delete": async () => (await import("./commands/work-pool/delete.ts")).deleteWorkPool,
  "work-pool get-default-base-job-template": async () =>
    (await import("./commands/work-pool/get-default-base-job-template.ts")).getDefaultBaseJobTemplate,
  "work-pool inspect": async () => (await import("./commands/work-pool/inspect.ts")).inspect,
  "work-pool ls": async () => (await import("./commands/work-pool/ls.ts")).ls,
  "work-pool pause": async () => (await import("./commands/work-pool/changes.ts")).pause,
  "work-pool preview": async () => (await import("./commands/work-pool/preview.ts")).preview,
  "work-pool resume": async () => (await import("./commands/work-pool/changes.ts")).resume,
  "work-pool set-concurrency-limit": async () => (await import("./commands/work-pool/changes.ts")).setConcurrencyLimit,
  "work-pool slots": async () => (await import("./commands/work-pool/slots.ts")).slots,
  "work-pool update": async () => (await import("./commands/work-pool/changes.ts")).update,
  "work-queue clear-concurrency-limit": async () =>
    (await import("./commands/work-queue/changes.ts")).clearConcurrencyLimit,
  "work-queue create": async () => (await import("./commands/work-queue/create.ts")).create,
  "work-queue delete": async () => (await import("./commands/work-queue/delete.ts")).deleteWorkQueue,
  "work-queue inspect": async () => (await import("./commands/work-queue/inspect.ts")).inspect,
  "work-queue ls": async () => (await import("./commands/work-queue/ls.ts")).ls,
  "work-queue pause": async () => (await import("./commands/work-queue/changes.ts")).pause,
  "work-queue preview": async () => (await import("./commands/work-queue/preview.ts")).preview,
  "work-queue read-runs": async () => (await import("./commands/work-queue/read-runs.ts")).readRuns,
  "work-queue resume": async () => (await import("./commands/work-queue/changes.ts")).resume,
  "work-queue set-concurrency-limit": async () =>
    (await import("./commands/work-queue/changes.ts")).setConcurrencyLimit,
  "work-queue slots": async () => (await import("./commands/work-queue/slots.ts")).slots,
};

/** What the first words of a command line mean. */
export type Resolution =
  | { readonly kind: "command"; readonly name: string; readonly rest: readonly string[] }
  | { readonly kind: "group"; readonly name: string; readonly rest: readonly string[] };

/** The longest run of words that names a command or a group; hyphens, underscores and case do not matter. */
export function resolveCommand(tokens: readonly string[]): Resolution {
  let name = "";
  for (const [index, token] of tokens.entries()) {
    const rest = tokens.slice(index);
    const next = token.startsWith("-") ? undefined : findBelow(name, token);
    if (next === undefined) return { kind: "group", name, rest };
    const after = tokens[index + 1];
    const isDeeper = after !== undefined && findBelow(next, after) !== undefined;
    if (commands[next] !== undefined && !isDeeper) return { kind: "command", name: next, rest: rest.slice(1) };
    name = next;
  }
  return { kind: "group", name, rest: [] };
}

function findBelow(group: string, word: string): string | undefined {
  const key = wordKey(word);
  const match = childrenOf(group).find(({ names }) => names.some((name) => wordKey(name) === key));
  return match?.path;
}

function wordKey(word: string): string {
  return word.replace(/[-_]/g, "").toLowerCase();
}

/** What stands directly below a group; below "" the whole command line. */
export function childrenOf(group: string): readonly { readonly path: string; readonly names: readonly string[] }[] {
  const prefix = group === "" ? "" : `${group} `;
  const isChild = (path: string) => path.startsWith(prefix) && !path.slice(prefix.length).includes(" ");
  const paths = [...Object.keys(groups), ...Object.keys(commands)].filter(isChild).sort();
  return paths.map((path) => {
    const aliases = Object.entries(commandAliases).filter(([alias, of]) => of === path && isChild(alias));
    const names = [path, ...aliases.map(([alias]) => alias)].map((name) => name.slice(prefix.length));
    return { path, names: [...names, ...(groups[path]?.aliases ?? [])] };
  });
}
