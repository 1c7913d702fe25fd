import { expect, test } from "vitest";
import {
  expectsChildrenReset,
  knowsPauses,
  renewsLeases,
  takesDeploymentSlots,
} from "../../../src/domain/orchestration/client.ts";

test.each([
  ["3.4.11", true],
  ["3.4.12.dev1", true],
  ["3.9.1", true],
  ["3.10.0", true],
  ["4.0.0", true],
  ["3.4.11.1", true],
  ["3.4.11+5.gabcdef", true],
  ["3.4.11.post1", true],
  ["3.4.11rc1", false],
  ["3.4.11.dev3", false],
  ["3.4.10", false],
  ["3.1.7", false],
  ["2.20.4", false],
  ["unknown", false],
  [undefined, false],
])("a client of version %s renews leases: %s", (version, renews) => {
  expect(renewsLeases(version === undefined ? {} : { version })).toBe(renews);
});

test.each([
  ["3.0.0rc20", true],
  ["3.0.3", true],
  ["3.0.4", false],
  ["3.0.0rc19", false],
])("a worker of version %s takes deployment slots itself: %s", (version, takes) => {
  expect(takesDeploymentSlots({ version })).toBe(takes);
});

test.each([
  { apiVersion: "0.8.2", pauses: false, reset: true },
  { apiVersion: "0.8.3", pauses: false, reset: false },
  { apiVersion: "0.8.4", pauses: true, reset: false },
  { apiVersion: "0.10.0", pauses: true, reset: false },
  { apiVersion: undefined, pauses: true, reset: false },
])("API $apiVersion knows pauses: $pauses, expects children reset: $reset", ({ apiVersion, pauses, reset }) => {
  const client = apiVersion === undefined ? {} : { apiVersion };

  expect([knowsPauses(client), expectsChildrenReset(client)]).toEqual([pauses, reset]);
});
