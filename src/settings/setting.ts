/** What a setting may hold: how it is read from text or TOML, and how it is shown. */
export interface ValueType<T> {
  /** Completes the sentence "accepted is …". */
  readonly accepts: string;
  readonly isSecret: boolean;
  /** True for values that are objects themselves, so that a TOML table is a value and not a group. */
  readonly isTable: boolean;
  /** The typed value, or undefined when `raw` is not acceptable. */
  parse(raw: unknown): T | undefined;
  /** As `GET /admin/settings` gives it. */
  toJson(value: T): unknown;
  /** As `config view` and environment variables give it. */
  toText(value: T): string;
}

/** One entry of the catalogue; its place in the tree is its dotted path and gives the name of its variable. */
export interface Setting<T> {
  readonly kind: "setting";
  readonly type: ValueType<T>;
  readonly fallback: T;
  readonly doc: string;
  /** Older names of the environment variable, most preferred first. */
  readonly aliases: readonly string[];
  /** Python's Prefect has none of that name. */
  readonly isOurs: boolean;
}

export interface SettingsGroup {
  readonly [name: string]: AnySetting | SettingsGroup;
}

/** A setting whose type of value is not known here. */
export type AnySetting = Setting<unknown>;

/** The values a group of settings holds once loaded. */
export type ValuesOf<Group> = {
  readonly [Name in keyof Group]: Group[Name] extends Setting<infer T> ? T : ValuesOf<Group[Name]>;
};

export function setting<T>(type: ValueType<T>, fallback: NoInfer<T>, doc: string): Setting<T> {
  return { kind: "setting", type, fallback, doc, aliases: [], isOurs: false };
}

/** The same setting, also known by an older name of its environment variable. */
export function aliased<T>(alias: string, of: Setting<T>): Setting<T> {
  return { ...of, aliases: [...of.aliases, alias] };
}

/** The same setting, marked as one that Python's Prefect does not have. */
export function ours<T>(of: Setting<T>): Setting<T> {
  return { ...of, isOurs: true };
}

export function isSetting(node: AnySetting | SettingsGroup): node is AnySetting {
  return node.kind === "setting";
}
