import { flag, integer, text, textMap } from "../../blocks/builtin/shapes.ts";
import type { WorkerMetadata } from "../worker-metadata.ts";

/** Google Cloud Run. */
export const cloudRunWorker: WorkerMetadata = {
  type: "cloud-run",
  collection: "prefect-gcp",
  displayName: "Google Cloud Run",
  description: "Runs flows as jobs of Google Cloud Run. Needs a Google Cloud account.",
  documentationUrl: "https://prefecthq.github.io/prefect-gcp/cloud_run_worker/",
  variables: {
    name: { ...text, description: "Name of what the worker starts." },
    env: { ...textMap, title: "Environment Variables", description: "Environment variables of the flow run." },
    labels: { ...textMap, description: "Labels of what the worker starts." },
    command: { ...text, description: "Command to start a flow run with; usually left out." },
    region: { ...text, description: "Region to run in.", default: "us-central1", example: "us-central1" },
    credentials: {
      title: "GCP Credentials",
      description: "Who signs in to Google Cloud.",
      allOf: [{ $ref: "#/definitions/GcpCredentials" }],
    },
    image: {
      ...text,
      title: "Image Name",
      description: "Image to run; by default one that fits the client.",
      example: "docker.io/prefecthq/prefect:3-latest",
    },
    cpu: {
      ...text,
      title: "CPU",
      description: "CPU of the job, such as `1000m`.",
      pattern: "^(\\d*000)m$",
      example: "1000m",
    },
    memory: {
      ...text,
      description: "Memory of the job, such as `512Mi`.",
      pattern: "^\\d+(?:G|Gi|M|Mi)$",
      example: "512Mi",
    },
    vpc_connector_name: { ...text, title: "VPC Connector Name", description: "Connector to a private network." },
    service_account_name: {
      ...text,
      description: "Service account of the run.",
      example: "service-account@example.iam.gserviceaccount.com",
    },
    keep_job: {
      ...flag,
      title: "Keep Job After Completion",
      description: "Keep the job after the run.",
      default: false,
    },
    timeout: {
      ...integer,
      title: "Job Timeout",
      description: "Seconds until the job is stopped.",
      default: 600,
      exclusiveMinimum: 0,
      maximum: 3600,
    },
  },
  blocks: ["gcp-credentials"],
  jobConfiguration: {
    command: "{{ command }}",
    env: "{{ env }}",
    labels: "{{ labels }}",
    name: "{{ name }}",
    region: "{{ region }}",
    credentials: "{{ credentials }}",
    job_body: {
      apiVersion: "run.googleapis.com/v1",
      kind: "Job",
      metadata: { name: "{{ name }}", annotations: { "run.googleapis.com/launch-stage": "BETA" } },
      spec: {
        template: {
          spec: {
            template: {
              spec: {
                containers: [
                  {
                    image: "{{ image }}",
                    command: "{{ command }}",
                    resources: {
                      limits: { cpu: "{{ cpu }}", memory: "{{ memory }}" },
                      requests: { cpu: "{{ cpu }}", memory: "{{ memory }}" },
                    },
                  },
                ],
                timeoutSeconds: "{{ timeout }}",
                serviceAccountName: "{{ service_account_name }}",
              },
            },
          },
          metadata: { annotations: { "run.googleapis.com/vpc-access-connector": "{{ vpc_connector_name }}" } },
        },
      },
    },
    timeout: "{{ timeout }}",
    keep_job: "{{ keep_job }}",
  },
};
