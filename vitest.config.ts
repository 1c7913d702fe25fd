import { defineConfig } from "vitest/config";

// Tests without input or output of their own: they share one worker's modules, which saves a process start per file.
const pure = ["tests/kit/**/*.test.ts", "tests/schemas/**/*.test.ts", "tests/domain/**/*.test.ts"];

// Minutes long, and in need of Nix: `npm run test:nix`.
const nix = "tests/nix/**/*.test.ts";

const shared = {
  pool: "forks",
  testTimeout: 20_000,
  hookTimeout: 60_000,
  teardownTimeout: 10_000,
  globalSetup: ["tests/global-setup.ts"],
} as const;

export default defineConfig({
  // `import "prefect"` inside the repository means src/, not dist/.
  resolve: { conditions: ["development"] },
  ssr: { resolve: { conditions: ["development"] } },
  test: {
    maxWorkers: 2,
    projects: [
      { extends: true, test: { ...shared, name: "pure", include: pure, isolate: false } },
      { extends: true, test: { ...shared, name: "system", include: ["tests/**/*.test.ts"], exclude: [...pure, nix] } },
      { extends: true, test: { ...shared, name: "nix", include: [nix], globalSetup: ["tests/nix/global-setup.ts"] } },
    ],
  },
});
