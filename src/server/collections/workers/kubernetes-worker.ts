import { flag, integer, text, textMap } from "../../blocks/builtin/shapes.ts";
import type { WorkerMetadata } from "../worker-metadata.ts";

/** Kubernetes. */
export const kubernetesWorker: WorkerMetadata = {
  type: "kubernetes",
  collection: "prefect-kubernetes",
  displayName: "Kubernetes",
  description: "Runs flows as jobs of a Kubernetes cluster.",
  documentationUrl: "https://prefecthq.github.io/prefect-kubernetes/worker/",
  variables: {
    name: { ...text, description: "Name of what the worker starts." },
    env: { ...textMap, title: "Environment Variables", description: "Environment variables of the flow run." },
    labels: { ...textMap, description: "Labels of what the worker starts." },
    command: { ...text, description: "Command to start a flow run with; usually left out." },
    namespace: { ...text, description: "Namespace to run in.", default: "default" },
    image: {
      ...text,
      description: "Image to run; by default one that fits the client.",
      example: "docker.io/prefecthq/prefect:3-latest",
    },
    service_account_name: { ...text, description: "Service account of the run." },
    image_pull_policy: {
      ...text,
      description: "When to pull the image.",
      default: "IfNotPresent",
      enum: ["IfNotPresent", "Always", "Never"],
    },
    finished_job_ttl: {
      ...integer,
      title: "Finished Job TTL",
      description: "Seconds until a finished job is removed; never without it.",
    },
    job_watch_timeout_seconds: {
      ...integer,
      description: "Seconds until an unfinished job counts as failed; never without it.",
    },
    pod_watch_timeout_seconds: {
      ...integer,
      description: "Seconds until a pod that does not start counts as failed.",
      default: 60,
    },
    stream_output: { ...flag, description: "Show the flow run's output in the worker's.", default: true },
    cluster_config: {
      description: "Cluster to run in; the worker's own without it.",
      allOf: [{ $ref: "#/definitions/KubernetesClusterConfig" }],
    },
    cpu_request: { ...text, title: "CPU Request", description: "CPU to reserve for the container." },
    cpu_limit: { ...text, title: "CPU Limit", description: "Most CPU of the container." },
    memory_request: { ...text, description: "Memory to reserve for the container." },
    memory_limit: { ...text, description: "Most memory of the container." },
  },
  blocks: ["kubernetes-cluster-config"],
  jobConfiguration: {
    command: "{{ command }}",
    env: "{{ env }}",
    labels: "{{ labels }}",
    name: "{{ name }}",
    namespace: "{{ namespace }}",
    job_manifest: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { labels: "{{ labels }}", namespace: "{{ namespace }}", generateName: "{{ name }}-" },
      spec: {
        backoffLimit: 0,
        ttlSecondsAfterFinished: "{{ finished_job_ttl }}",
        template: {
          spec: {
            parallelism: 1,
            completions: 1,
            restartPolicy: "Never",
            serviceAccountName: "{{ service_account_name }}",
            containers: [
              {
                name: "prefect-job",
                env: "{{ env }}",
                image: "{{ image }}",
                imagePullPolicy: "{{ image_pull_policy }}",
                args: "{{ command }}",
                resources: {
                  limits: { cpu: "{{ cpu_limit }}", memory: "{{ memory_limit }}" },
                  requests: { cpu: "{{ cpu_request }}", memory: "{{ memory_request }}" },
                },
              },
            ],
          },
        },
      },
    },
    cluster_config: "{{ cluster_config }}",
    job_watch_timeout_seconds: "{{ job_watch_timeout_seconds }}",
    pod_watch_timeout_seconds: "{{ pod_watch_timeout_seconds }}",
    stream_output: "{{ stream_output }}",
  },
};
