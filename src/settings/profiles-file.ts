import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "smol-toml";
import { SettingsFileInvalid } from "./errors.ts";
import { canonicalValues, NO_PROFILES, type Profiles, type ProfileValues } from "./profiles.ts";

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function profilesFrom(document: Readonly<Record<string, unknown>>): Profiles {
  const tables = isTable(document.profiles) ? Object.entries(document.profiles) : [];
  return {
    active: typeof document.active === "string" ? document.active : undefined,
    byName: new Map(tables.map(([name, values]) => [name, isTable(values) ? canonicalValues(values) : {}])),
  };
}

/** The user's own profiles; none when there is no file. Throws SettingsFileInvalid. */
export function loadProfilesFile(path: string): Profiles {
  const text = readText(path);
  if (text === undefined) return NO_PROFILES;
  try {
    return profilesFrom(parse(text));
  } catch (error) {
    throw SettingsFileInvalid(path, error as Error);
  }
}

/** Replaces the file in one step; a new one is readable by its owner only. Comments and order of lines are kept. */
export function writeProfilesFile(path: string, profiles: Profiles): void {
  const before = readText(path);
  const target = before === undefined ? path : realpathSync(path);
  const mode = before === undefined ? 0o600 : statSync(target).mode & 0o777;
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, renderProfiles(profiles, before ?? ""), { mode });
    chmodSync(temporary, mode);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The text of the file: `before` with only the lines changed that must be, or a new text when that cannot be done. */
function renderProfiles(profiles: Profiles, before: string): string {
  const wanted = documentOf(profiles);
  const patched = patchText(profiles, before);
  try {
    if (isDeepStrictEqual(plain(parse(patched)), plain(wanted))) return patched;
  } catch {
    // Some form of TOML the line patch does not understand: write the whole file anew.
  }
  return `${stringify(wanted).trimEnd()}\n`;
}

function documentOf(profiles: Profiles): Record<string, unknown> {
  const active = profiles.active === undefined ? {} : { active: profiles.active };
  return { ...active, profiles: Object.fromEntries(profiles.byName) };
}

/** The same value with ordinary prototypes; `active` and `profiles` only. */
function plain(document: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify({ active: document.active, profiles: document.profiles ?? {} }));
}

interface Section {
  /** Undefined for the lines before the first table and for tables that are no profile. */
  readonly profile: string | undefined;
  readonly lines: readonly string[];
}

const PROFILE_HEADER = /^\s*\[\s*profiles\s*\.\s*(?:"([^"\\]*)"|'([^']*)'|([\w-]+))\s*\]\s*(?:#.*)?$/;
const ASSIGNMENT = /^\s*([A-Za-z_][\w-]*)\s*=/;

function sectionsOf(text: string): Section[] {
  const sections: { profile: string | undefined; lines: string[] }[] = [{ profile: undefined, lines: [] }];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const header = PROFILE_HEADER.exec(line);
    if (header !== null) sections.push({ profile: header[1] ?? header[2] ?? header[3], lines: [line] });
    else if (/^\s*\[/.test(line)) sections.push({ profile: undefined, lines: [line] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

function patchText(profiles: Profiles, before: string): string {
  const [preamble, ...sections] = before === "" ? [] : sectionsOf(before);
  const known = new Set(sections.map((section) => section.profile));
  const kept = sections
    .filter(({ profile }) => profile === undefined || profiles.byName.has(profile))
    .map((section) => patchSection(section, profiles));
  const added = [...profiles.byName]
    .filter(([name]) => !known.has(name))
    .map(([name, values]) => ["", `[profiles.${keyText(name)}]`, ...assignments(values)]);
  const parts = [patchPreamble(preamble?.lines ?? [], profiles.active), kept.flat()];
  const existing = parts.map((lines) => lines.join("\n").trim()).filter((part) => part !== "");
  return `${[existing.join("\n\n"), ...added.flat()].join("\n").trim()}\n`;
}

function patchPreamble(lines: readonly string[], active: string | undefined): readonly string[] {
  const isActive = (line: string) => /^\s*active\s*=/.test(line);
  const assignment = active === undefined ? [] : [`active = ${JSON.stringify(active)}`];
  const at = lines.findIndex(isActive);
  if (at === -1) return [...assignment, ...lines];
  const line = lines[at] ?? "";
  const isSame = active !== undefined && parseLine(line) === active;
  return [...lines.slice(0, at), ...(isSame ? [line] : assignment), ...lines.slice(at + 1)];
}

function patchSection(section: Section, profiles: Profiles): readonly string[] {
  const values = section.profile === undefined ? undefined : profiles.byName.get(section.profile);
  if (values === undefined) return section.lines;
  const left = new Map(Object.entries(values));
  const kept = section.lines.flatMap((line) => {
    const name = ASSIGNMENT.exec(line)?.[1];
    if (name === undefined) return [line];
    if (!left.has(name)) return [];
    const value = left.get(name);
    left.delete(name);
    return isDeepStrictEqual(parseLine(line), value) ? [line] : assignments({ [name]: value });
  });
  const end = kept.findLastIndex((line) => line.trim() !== "") + 1;
  return [...kept.slice(0, end), ...assignments(Object.fromEntries(left)), ...kept.slice(end)];
}

/** The value a line assigns, or undefined when the line alone is no TOML. */
function parseLine(line: string): unknown {
  try {
    return Object.values(parse(line))[0];
  } catch {
    return undefined;
  }
}

function keyText(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
}

function assignments(values: ProfileValues): readonly string[] {
  if (Object.keys(values).length === 0) return [];
  return stringify(values).trimEnd().split("\n");
}
