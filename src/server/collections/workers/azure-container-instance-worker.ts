import { flag, float, integer, number, secret, text, textMap, texts, titled } from "../../blocks/builtin/shapes.ts";
import type { WorkerMetadata } from "../worker-metadata.ts";

/** Azure Container Instances. */
export const azureContainerInstanceWorker: WorkerMetadata = {
  type: "azure-container-instance",
  collection: "prefect-azure",
  displayName: "Azure Container Instances",
  description: "Runs flows in Azure Container Instances. Needs an Azure account.",
  documentationUrl: "https://prefecthq.github.io/prefect-azure/container_instance_worker/",
  variables: {
    name: { ...text, description: "Name of what the worker starts." },
    env: { ...textMap, title: "Environment Variables", description: "Environment variables of the flow run." },
    labels: { ...textMap, description: "Labels of what the worker starts." },
    command: { ...text, description: "Command to start a flow run with; usually left out." },
    image: { ...text, description: "Image to run; by default one that fits the client." },
    resource_group_name: { ...text, title: "Azure Resource Group Name", description: "Resource group to run in." },
    subscription_id: { ...secret, title: "Azure Subscription ID", description: "Azure subscription to run in." },
    identities: { ...texts, description: "Identities of the container group." },
    entrypoint: { ...text, description: "Entrypoint of the container.", default: "/opt/prefect/entrypoint.sh" },
    image_registry: {
      title: "Image Registry (Optional)",
      description: "Sign-in for a private registry.",
      anyOf: [{ $ref: "#/definitions/DockerRegistryCredentials" }, { $ref: "#/definitions/ACRManagedIdentity" }],
    },
    cpu: { ...number, title: "CPU", description: "Cores of the container.", default: float("1.0") },
    gpu_count: { ...integer, title: "GPU Count", description: "GPUs of the container." },
    gpu_sku: { ...text, title: "GPU SKU", description: "Kind of GPU." },
    memory: { ...number, description: "Memory of the container in GB.", default: float("1.0") },
    subnet_ids: { ...texts, title: "Subnet IDs", description: "Subnets to connect to." },
    dns_servers: { ...texts, title: "DNS Servers", description: "Name servers of the container." },
    aci_credentials: {
      description: "Who signs in to Azure.",
      allOf: [{ $ref: "#/definitions/AzureContainerInstanceCredentials" }],
    },
    stream_output: { ...flag, description: "Show the flow run's output in the worker's.", default: false },
    task_start_timeout_seconds: { ...integer, description: "Seconds until a start is given up.", default: 240 },
    task_watch_poll_interval: { ...number, description: "Seconds between looks at the task.", default: float("5.0") },
  },
  required: ["resource_group_name", "subscription_id"],
  blocks: ["docker-registry-credentials", "azure-container-instance-credentials"],
  definitions: {
    ACRManagedIdentity: {
      title: "ACRManagedIdentity",
      type: "object",
      properties: titled({
        registry_url: { ...text, title: "Registry URL", description: "Address of the registry." },
        identity: { ...text, description: "Resource id of the identity that may pull." },
      }),
      required: ["registry_url", "identity"],
    },
  },
  jobConfiguration: {
    command: "{{ command }}",
    env: "{{ env }}",
    labels: "{{ labels }}",
    name: "{{ name }}",
    image: "{{ image }}",
    resource_group_name: "{{ resource_group_name }}",
    subscription_id: "{{ subscription_id }}",
    identities: "{{ identities }}",
    entrypoint: "{{ entrypoint }}",
    image_registry: "{{ image_registry }}",
    cpu: "{{ cpu }}",
    gpu_count: "{{ gpu_count }}",
    gpu_sku: "{{ gpu_sku }}",
    memory: "{{ memory }}",
    subnet_ids: "{{ subnet_ids }}",
    dns_servers: "{{ dns_servers }}",
    stream_output: "{{ stream_output }}",
    aci_credentials: "{{ aci_credentials }}",
    task_start_timeout_seconds: "{{ task_start_timeout_seconds }}",
    task_watch_poll_interval: "{{ task_watch_poll_interval }}",
    arm_template: {
      $schema: "https://schema.management.azure.com/schemas/2019-08-01/deploymentTemplate.json#",
      contentVersion: "1.0.0.0",
      parameters: {
        location: {
          type: "string",
          defaultValue: "[resourceGroup().location]",
          metadata: { description: "Where everything is made." },
        },
        container_group_name: {
          type: "string",
          defaultValue: "[uniqueString(resourceGroup().id)]",
          metadata: { description: "Name of the container group." },
        },
        container_name: {
          type: "string",
          defaultValue: "[uniqueString(resourceGroup().id)]",
          metadata: { description: "Name of the container." },
        },
      },
      resources: [
        {
          type: "Microsoft.ContainerInstance/containerGroups",
          apiVersion: "2022-09-01",
          name: "[parameters('container_group_name')]",
          location: "[parameters('location')]",
          properties: {
            containers: [
              {
                name: "[parameters('container_name')]",
                properties: {
                  image: "{{ image }}",
                  command: "{{ command }}",
                  resources: { requests: { cpu: "{{ cpu }}", memoryInGB: "{{ memory }}" } },
                  environmentVariables: [],
                },
              },
            ],
            osType: "Linux",
            restartPolicy: "Never",
          },
        },
      ],
    },
  },
};
