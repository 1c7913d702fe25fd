import { awsBlocks } from "./aws-blocks.ts";
import { azureBlocks } from "./azure-blocks.ts";
import type { BuiltinBlock } from "./builtin-block.ts";
import { containerBlocks } from "./container-blocks.ts";
import { coreBlocks } from "./core-blocks.ts";
import { databaseBlocks } from "./database-blocks.ts";
import { dbtBlocks } from "./dbt-blocks.ts";
import { gcpBlocks } from "./gcp-blocks.ts";
import { notificationBlocks } from "./notification-blocks.ts";
import { repositoryBlocks } from "./repository-blocks.ts";
import { toolBlocks } from "./tool-blocks.ts";

/** Everything that is registered at start, as by a server of 3.9.1. */
export const builtinBlocks: readonly BuiltinBlock[] = [
  ...coreBlocks,
  ...notificationBlocks,
  ...awsBlocks,
  ...azureBlocks,
  ...gcpBlocks,
  ...containerBlocks,
  ...databaseBlocks,
  ...dbtBlocks,
  ...repositoryBlocks,
  ...toolBlocks,
];
