import { z } from "zod";

// Flox's manifest.toml as its manual page documents it, for the schema versions that we use. Nothing undocumented passes.

const systems = z.array(z.enum(["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"]));
const outputs = z.union([z.literal("all"), z.array(z.string())]);
const shared = { systems: systems.optional(), priority: z.int().optional(), outputs: outputs.optional() };
const script = z.string();
const shells = { common: script, bash: script, zsh: script, fish: script, tcsh: script };

const packageDescriptor = z.union([
  z.strictObject({
    "pkg-path": z.union([z.string(), z.array(z.string())]),
    "pkg-group": z.string().optional(),
    version: z.string().optional(),
    ...shared,
  }),
  z.strictObject({ flake: z.string(), ...shared }),
]);

const service = z.strictObject({
  command: script,
  vars: z.record(z.string(), z.string()).optional(),
  "is-daemon": z.boolean().optional(),
  shutdown: z.strictObject({ command: script }).optional(),
  systems: systems.optional(),
});

export const FloxManifest = z
  .strictObject({
    "schema-version": z.enum(["1.10.0", "1.11.0", "1.12.0", "1.13.0", "1.14.0", "1.15.0"]),
    install: z.record(z.string(), packageDescriptor),
    vars: z.record(z.string(), z.string()).optional(),
    hook: z.strictObject({ "on-activate": script }).partial().optional(),
    profile: z.strictObject(shells).partial().optional(),
    services: z.record(z.string(), service).optional(),
    include: z.strictObject({ environments: z.array(z.strictObject({ dir: z.string() })) }).optional(),
    options: z.strictObject({
      systems,
      activate: z.strictObject({ mode: z.enum(["dev", "run"]) }).optional(),
      allow: z.strictObject({ unfree: z.boolean(), broken: z.boolean() }).partial().optional(),
    }),
  })
  .refine(({ install }) => Object.keys(install).length > 0, "`flox publish` wants at least one installed package");

/** env.json, beside the folder of the manifest. */
export const FloxEnvironment = z.strictObject({ name: z.string().min(1), version: z.literal(1) });
