import type { BuiltinBlock } from "./builtin-block.ts";
import { anyObject, flag, integer, secret, text } from "./shapes.ts";

export const containerBlocks: readonly BuiltinBlock[] = [
  {
    slug: "docker-host",
    name: "Docker Host",
    collection: "prefect-docker",
    version: "0.4.5",
    title: "DockerHost",
    description: "A Docker engine to talk to.",
    properties: {
      base_url: {
        ...text,
        title: "Base URL",
        description: "Address of the Docker engine.",
        example: "unix:///var/run/docker.sock",
      },
      version: { ...text, description: "Version of Docker's API.", default: "auto" },
      timeout: { ...integer, description: "Seconds until a call is given up." },
      max_pool_size: { ...integer, description: "Most connections kept open." },
      client_kwargs: { ...anyObject, title: "Additional Configuration", description: "More arguments for the client." },
    },
  },
  {
    slug: "docker-registry-credentials",
    name: "Docker Registry Credentials",
    collection: "prefect-docker",
    version: "0.4.5",
    title: "DockerRegistryCredentials",
    description: "User and password for a registry of Docker images.",
    secretFields: ["password"],
    required: ["username", "password", "registry_url"],
    properties: {
      username: { ...text, description: "Name of the user." },
      password: { ...secret, description: "Password of the user." },
      registry_url: { ...text, description: "Address of the registry.", example: "index.docker.io" },
      reauth: { ...flag, description: "Sign in anew each time.", default: true },
    },
  },
  {
    slug: "kubernetes-cluster-config",
    name: "Kubernetes Cluster Config",
    collection: "prefect-kubernetes",
    version: "0.4.0",
    title: "KubernetesClusterConfig",
    description: "A kubeconfig and the context to use from it.",
    required: ["config", "context_name"],
    properties: {
      config: { ...anyObject, description: "Content of the kubeconfig, as an object." },
      context_name: { ...text, description: "Context of the kubeconfig to use." },
    },
  },
  {
    slug: "kubernetes-credentials",
    name: "Kubernetes Credentials",
    collection: "prefect-kubernetes",
    version: "0.3.7",
    title: "KubernetesCredentials",
    description: "The cluster for which clients of Kubernetes are made.",
    nested: { cluster_config: "kubernetes-cluster-config" },
    properties: {
      cluster_config: {
        title: null,
        description: "The cluster to use; without it, the one the code runs in or the local kubeconfig.",
        $ref: "#/definitions/KubernetesClusterConfig",
      },
    },
  },
];
