import { flag, path, text, textMap } from "../../blocks/builtin/shapes.ts";
import type { WorkerMetadata } from "../worker-metadata.ts";

/** Process. */
export const processWorker: WorkerMetadata = {
  type: "process",
  collection: "prefect",
  displayName: "Process",
  description: "Runs flows as processes on the machine of the worker.",
  documentationUrl: "https://www.prefect.io/docs/latest/api-ref/prefect/workers/process/",
  variables: {
    name: { ...text, description: "Name of what the worker starts." },
    env: { ...textMap, title: "Environment Variables", description: "Environment variables of the flow run." },
    labels: { ...textMap, description: "Labels of what the worker starts." },
    command: { ...text, description: "Command to start a flow run with; usually left out." },
    stream_output: { ...flag, description: "Show the flow run's output in the worker's.", default: true },
    working_dir: { ...path, title: "Working Directory", description: "Folder to run in; a temporary one without it." },
  },
  jobConfiguration: {
    command: "{{ command }}",
    env: "{{ env }}",
    labels: "{{ labels }}",
    name: "{{ name }}",
    stream_output: "{{ stream_output }}",
    working_dir: "{{ working_dir }}",
  },
};
