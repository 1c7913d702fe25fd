import type { BuiltinBlock } from "./builtin-block.ts";
import { anyObject, integer, path, text } from "./shapes.ts";

export const gcpBlocks: readonly BuiltinBlock[] = [
  {
    slug: "bigquery-warehouse",
    name: "BigQuery Warehouse",
    collection: "prefect-gcp",
    version: "0.5.8",
    title: "BigQueryWarehouse",
    description: "Queries against BigQuery, with results fetched in portions.",
    secretFields: ["gcp_credentials.service_account_info.*"],
    required: ["gcp_credentials"],
    nested: { gcp_credentials: "gcp-credentials" },
    properties: {
      gcp_credentials: {
        title: null,
        description: "Who signs in to Google Cloud.",
        $ref: "#/definitions/GcpCredentials",
      },
      fetch_size: { ...integer, description: "Rows fetched at a time.", default: 1 },
    },
  },
  {
    slug: "gcp-credentials",
    name: "GCP Credentials",
    collection: "prefect-gcp",
    version: "0.5.8",
    title: "GcpCredentials",
    description: "A Google Cloud service account, by key file or by its content.",
    secretFields: ["service_account_info.*"],
    properties: {
      service_account_file: { ...path, description: "Key file on the machine where the flow runs." },
      service_account_info: { ...anyObject, description: "Content of the key file." },
      project: { ...text, description: "Google Cloud project." },
    },
  },
  {
    slug: "gcpsecret",
    name: "GcpSecret",
    collection: "prefect-gcp",
    version: "0.5.8",
    title: "GcpSecret",
    description: "A value kept in Google Secret Manager.",
    secretFields: ["gcp_credentials.service_account_info.*"],
    required: ["gcp_credentials", "secret_name"],
    nested: { gcp_credentials: "gcp-credentials" },
    properties: {
      gcp_credentials: {
        title: null,
        description: "Who signs in to Google Cloud.",
        $ref: "#/definitions/GcpCredentials",
      },
      secret_name: { ...text, description: "Name of the secret." },
      secret_version: { ...text, description: "Version of the secret.", default: "latest" },
    },
  },
  {
    slug: "gcs-bucket",
    name: "GCS Bucket",
    collection: "prefect-gcp",
    version: "0.5.8",
    title: "GcsBucket",
    description: "A bucket of Google Cloud Storage, to read from and write to.",
    capabilities: ["get-directory", "put-directory", "read-path", "write-path"],
    secretFields: ["gcp_credentials.service_account_info.*"],
    required: ["bucket"],
    nested: { gcp_credentials: "gcp-credentials" },
    properties: {
      bucket: { ...text, description: "The bucket's name." },
      gcp_credentials: {
        description: "Who signs in to Google Cloud.",
        allOf: [{ $ref: "#/definitions/GcpCredentials" }],
      },
      bucket_folder: { ...text, description: "Folder inside the bucket that paths are relative to.", default: "" },
    },
  },
];
