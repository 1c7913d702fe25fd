import { float, integer, number, text, textMap, texts } from "../../blocks/builtin/shapes.ts";
import type { WorkerMetadata } from "../worker-metadata.ts";

/** Google Vertex AI. */
export const vertexAiWorker: WorkerMetadata = {
  type: "vertex-ai",
  collection: "prefect-gcp",
  displayName: "Google Vertex AI",
  description: "Runs flows as custom jobs of Google Vertex AI. Needs a Google Cloud account.",
  documentationUrl: "https://prefecthq.github.io/prefect-gcp/vertex_worker/",
  variables: {
    name: { ...text, description: "Name of what the worker starts." },
    env: { ...textMap, title: "Environment Variables", description: "Environment variables of the flow run." },
    labels: { ...textMap, description: "Labels of what the worker starts." },
    command: { ...text, description: "Command to start a flow run with; usually left out." },
    region: { ...text, description: "Region to run in.", example: "us-central1" },
    image: {
      ...text,
      title: "Image Name",
      description: "Image to run; by default one that fits the client.",
      example: "gcr.io/your-project/your-repo:latest",
    },
    credentials: {
      title: "GCP Credentials",
      description: "Who signs in to Google Cloud.",
      allOf: [{ $ref: "#/definitions/GcpCredentials" }],
    },
    machine_type: { ...text, description: "Kind of machine.", default: "n1-standard-4" },
    accelerator_type: { ...text, description: "Kind of accelerator.", example: "NVIDIA_TESLA_K80" },
    accelerator_count: { ...integer, description: "Accelerators of the machine.", example: 1 },
    boot_disk_type: { ...text, description: "Kind of boot disk.", default: "pd-ssd" },
    boot_disk_size_gb: {
      ...integer,
      title: "Boot Disk Size (GB)",
      description: "Size of the boot disk in GB.",
      default: 100,
    },
    maximum_run_time_hours: {
      ...integer,
      title: "Maximum Run Time (Hours)",
      description: "Hours until the job is stopped.",
      default: 1,
    },
    network: { ...text, description: "Network to peer with." },
    reserved_ip_ranges: { ...texts, title: "Reserved IP Ranges", description: "Reserved ranges of addresses to use." },
    service_account_name: { ...text, description: "Service account of the run." },
    job_watch_poll_interval: {
      ...number,
      title: "Poll Interval (Seconds)",
      description: "Seconds between looks at the job.",
      default: float("5.0"),
    },
  },
  required: ["region", "image"],
  blocks: ["gcp-credentials"],
  jobConfiguration: {
    command: "{{ command }}",
    env: "{{ env }}",
    labels: "{{ labels }}",
    name: "{{ name }}",
    region: "{{ region }}",
    credentials: "{{ credentials }}",
    job_spec: {
      service_account_name: "{{ service_account_name }}",
      network: "{{ network }}",
      reserved_ip_ranges: "{{ reserved_ip_ranges }}",
      maximum_run_time_hours: "{{ maximum_run_time_hours }}",
      worker_pool_specs: [
        {
          replica_count: 1,
          container_spec: { image_uri: "{{ image }}", command: "{{ command }}", args: [] },
          machine_spec: {
            machine_type: "{{ machine_type }}",
            accelerator_type: "{{ accelerator_type }}",
            accelerator_count: "{{ accelerator_count }}",
          },
          disk_spec: { boot_disk_type: "{{ boot_disk_type }}", boot_disk_size_gb: "{{ boot_disk_size_gb }}" },
        },
      ],
    },
    job_watch_poll_interval: "{{ job_watch_poll_interval }}",
  },
};
