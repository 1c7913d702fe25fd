import type { BuiltinBlock } from "./builtin-block.ts";
import { anyObject, filePath, flag, secret, text, titled } from "./shapes.ts";

const awsClientParameters = {
  title: "AwsClientParameters",
  type: "object",
  properties: titled({
    api_version: { ...text, title: "API Version", description: "Version of the service's API, if not the newest." },
    use_ssl: { ...flag, title: "Use SSL", description: "Use TLS.", default: true },
    verify: { description: "Check the server's certificate.", default: true, anyOf: [flag, filePath] },
    verify_cert_path: {
      ...filePath,
      title: "Certificate Authority Bundle File Path",
      description: "File of certificates to trust.",
    },
    endpoint_url: { ...text, title: "Endpoint URL", description: "Address to call in place of the usual one." },
    config: { ...anyObject, title: "Botocore Config", description: "Options of Botocore's client." },
  }),
};

export const awsBlocks: readonly BuiltinBlock[] = [
  {
    slug: "aws-credentials",
    name: "AWS Credentials",
    collection: "prefect-aws",
    version: "0.4.14",
    title: "AwsCredentials",
    description: "Keys, profile and region with which to sign in to Amazon Web Services.",
    secretFields: ["aws_secret_access_key"],
    definitions: { AwsClientParameters: awsClientParameters },
    properties: {
      aws_access_key_id: { ...text, title: "AWS Access Key ID", description: "Public half of the access key." },
      aws_secret_access_key: {
        ...secret,
        title: "AWS Access Key Secret",
        description: "Secret half of the access key.",
      },
      aws_session_token: { ...text, title: "AWS Session Token", description: "Session token of temporary keys." },
      profile_name: { ...text, description: "Profile of the local AWS configuration." },
      region_name: { ...text, description: "Region to work in." },
      aws_client_parameters: {
        title: "AWS Client Parameters",
        description: "What clients of AWS are made with.",
        allOf: [{ $ref: "#/definitions/AwsClientParameters" }],
      },
    },
  },
  {
    slug: "aws-secret",
    name: "AWS Secret",
    collection: "prefect-aws",
    version: "0.4.14",
    title: "AwsSecret",
    description: "A value kept in AWS Secrets Manager.",
    secretFields: ["aws_credentials.aws_secret_access_key"],
    required: ["aws_credentials", "secret_name"],
    nested: { aws_credentials: "aws-credentials" },
    properties: {
      aws_credentials: { title: null, description: "Who signs in to AWS.", $ref: "#/definitions/AwsCredentials" },
      secret_name: { ...text, description: "Name of the secret." },
    },
  },
  {
    slug: "lambda-function",
    name: "Lambda Function",
    collection: "prefect-aws",
    version: "0.4.14",
    title: "LambdaFunction",
    description: "A function of AWS Lambda, to be called by name.",
    secretFields: ["aws_credentials.aws_secret_access_key"],
    required: ["function_name"],
    nested: { aws_credentials: "aws-credentials" },
    properties: {
      function_name: { ...text, description: "Name or ARN of the function." },
      qualifier: { ...text, description: "Version or alias to call." },
      aws_credentials: {
        title: "AWS Credentials",
        description: "Who signs in to AWS.",
        allOf: [{ $ref: "#/definitions/AwsCredentials" }],
      },
    },
  },
  {
    slug: "minio-credentials",
    name: "MinIO Credentials",
    collection: "prefect-aws",
    version: "0.4.14",
    title: "MinIOCredentials",
    description: "The root user of a MinIO object store, and how to reach it.",
    secretFields: ["minio_root_password"],
    required: ["minio_root_user", "minio_root_password"],
    definitions: { AwsClientParameters: awsClientParameters },
    properties: {
      minio_root_user: { ...text, description: "Name of the root user." },
      minio_root_password: { ...secret, description: "Password of the root user." },
      region_name: { ...text, description: "Region to work in." },
      aws_client_parameters: {
        description: "What clients of AWS are made with.",
        allOf: [{ $ref: "#/definitions/AwsClientParameters" }],
      },
    },
  },
  {
    slug: "s3-bucket",
    name: "S3 Bucket",
    collection: "prefect-aws",
    version: "0.4.14",
    title: "S3Bucket",
    description: "A bucket of S3, or of a store that speaks its protocol, to read from and write to.",
    capabilities: ["get-directory", "put-directory", "read-path", "write-path"],
    secretFields: ["credentials.minio_root_password", "credentials.aws_secret_access_key"],
    required: ["bucket_name"],
    nested: { credentials: ["minio-credentials", "aws-credentials"] },
    properties: {
      bucket_name: { ...text, description: "The bucket's name." },
      credentials: {
        description: "Who signs in.",
        anyOf: [{ $ref: "#/definitions/MinIOCredentials" }, { $ref: "#/definitions/AwsCredentials" }],
      },
      bucket_folder: { ...text, description: "Folder inside the bucket that paths are relative to.", default: "" },
    },
  },
];
