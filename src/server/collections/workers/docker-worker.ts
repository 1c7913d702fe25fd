import { flag, integer, text, textMap, texts } from "../../blocks/builtin/shapes.ts";
import type { WorkerMetadata } from "../worker-metadata.ts";

/** Docker. */
export const dockerWorker: WorkerMetadata = {
  type: "docker",
  collection: "prefect-docker",
  displayName: "Docker",
  description: "Runs flows in containers of the worker's Docker engine.",
  documentationUrl: "https://prefecthq.github.io/prefect-docker/worker/",
  variables: {
    command: { ...text, description: "Command to start a flow run with; usually left out." },
    env: { ...textMap, title: "Environment Variables", description: "Environment variables of the flow run." },
    labels: { ...textMap, description: "Labels of what the worker starts." },
    name: { ...text, description: "Name of what the worker starts." },
    image: {
      ...text,
      description: "Image to run; by default one that fits the client.",
      example: "docker.io/prefecthq/prefect:3-latest",
    },
    registry_credentials: {
      description: "Sign-in for a private registry.",
      allOf: [{ $ref: "#/definitions/DockerRegistryCredentials" }],
    },
    image_pull_policy: {
      ...text,
      description: "When to pull the image.",
      enum: ["IfNotPresent", "Always", "IfPossible", "Never"],
    },
    networks: { ...texts, description: "Networks to connect to." },
    network_mode: {
      ...text,
      description: "Network mode of the container; networks are ignored with `host` and `none`.",
    },
    auto_remove: { ...flag, description: "Remove the container after the run.", default: false },
    volumes: {
      ...texts,
      description: "Mounts as `host path:container path`.",
      example: ["/my/local/path:/path/in/container"],
    },
    stream_output: { ...flag, description: "Show the flow run's output in the worker's.", default: true },
    container_wait_timeout: { ...integer, description: "Seconds between looks at the container.", exclusiveMinimum: 0 },
    mem_limit: { ...text, title: "Memory Limit", description: "Most memory, such as `512m`." },
    memswap_limit: { ...text, title: "Memory Swap Limit", description: "Most memory and swap together." },
    privileged: { ...flag, description: "Give the container the host's rights.", default: false },
  },
  blocks: ["docker-registry-credentials"],
  jobConfiguration: {
    command: "{{ command }}",
    env: "{{ env }}",
    labels: "{{ labels }}",
    name: "{{ name }}",
    image: "{{ image }}",
    registry_credentials: "{{ registry_credentials }}",
    image_pull_policy: "{{ image_pull_policy }}",
    networks: "{{ networks }}",
    network_mode: "{{ network_mode }}",
    auto_remove: "{{ auto_remove }}",
    volumes: "{{ volumes }}",
    stream_output: "{{ stream_output }}",
    container_wait_timeout: "{{ container_wait_timeout }}",
    mem_limit: "{{ mem_limit }}",
    memswap_limit: "{{ memswap_limit }}",
    privileged: "{{ privileged }}",
  },
};
