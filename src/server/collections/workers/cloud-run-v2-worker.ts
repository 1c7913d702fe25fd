import { flag, integer, text, textMap, texts } from "../../blocks/builtin/shapes.ts";
import type { WorkerMetadata } from "../worker-metadata.ts";

/** Google Cloud Run V2. */
export const cloudRunV2Worker: WorkerMetadata = {
  type: "cloud-run-v2",
  collection: "prefect-gcp",
  displayName: "Google Cloud Run V2",
  description: "Runs flows as jobs of Google Cloud Run, by its second API. Needs a Google Cloud account.",
  documentationUrl: "https://prefecthq.github.io/prefect-gcp/worker_v2/",
  variables: {
    name: { ...text, description: "Name of what the worker starts." },
    env: { ...textMap, title: "Environment Variables", description: "Environment variables of the flow run." },
    labels: { ...textMap, description: "Labels of what the worker starts." },
    command: { ...text, description: "Command to start a flow run with; usually left out." },
    credentials: {
      title: "GCP Credentials",
      description: "Who signs in to Google Cloud.",
      allOf: [{ $ref: "#/definitions/GcpCredentials" }],
    },
    region: { ...text, description: "Region to run in.", default: "us-central1" },
    image: {
      ...text,
      title: "Image Name",
      description: "Image to run; by default one that fits the client.",
      default: "prefecthq/prefect:3-latest",
    },
    args: { ...texts, description: "Arguments of the command." },
    keep_job: {
      ...flag,
      title: "Keep Job After Completion",
      description: "Keep the job after the run.",
      default: false,
    },
    launch_stage: {
      ...text,
      description: "Stage of the API's features that may be used.",
      default: "BETA",
      enum: [
        "ALPHA",
        "BETA",
        "GA",
        "DEPRECATED",
        "EARLY_ACCESS",
        "PRELAUNCH",
        "UNIMPLEMENTED",
        "LAUNCH_TAG_UNSPECIFIED",
      ],
    },
    max_retries: { ...integer, description: "Times the job is tried again.", default: 0 },
    cpu: { ...text, title: "CPU", description: "CPU of the job, such as `1000m`.", default: "1000m" },
    memory: {
      ...text,
      description: "Memory of the job, such as `512Mi`.",
      default: "512Mi",
      example: "512Mi",
      pattern: "^\\d+(?:G|Gi|M|Mi)$",
    },
    timeout: {
      ...integer,
      title: "Job Timeout",
      description: "Seconds until the job is stopped.",
      default: 600,
      exclusiveMinimum: 0,
      maximum: 604800,
    },
    vpc_connector_name: { ...text, title: "VPC Connector Name", description: "Connector to a private network." },
    service_account_name: {
      ...text,
      description: "Service account of the run.",
      example: "service-account@example.iam.gserviceaccount.com",
    },
  },
  blocks: ["gcp-credentials"],
  jobConfiguration: {
    command: "{{ command }}",
    env: "{{ env }}",
    labels: "{{ labels }}",
    name: "{{ name }}",
    credentials: "{{ credentials }}",
    job_body: {
      client: "prefect",
      launchStage: "{{ launch_stage }}",
      template: {
        template: {
          serviceAccount: "{{ service_account_name }}",
          maxRetries: "{{ max_retries }}",
          timeout: "{{ timeout }}",
          vpcAccess: { connector: "{{ vpc_connector_name }}" },
          containers: [
            {
              env: [],
              image: "{{ image }}",
              command: "{{ command }}",
              args: "{{ args }}",
              resources: { limits: { cpu: "{{ cpu }}", memory: "{{ memory }}" } },
            },
          ],
        },
      },
    },
    keep_job: "{{ keep_job }}",
    region: "{{ region }}",
    timeout: "{{ timeout }}",
  },
};
