import type { JsonObject } from "../parameters/json-types.ts";

/** A way to start a prefect.yaml: where the code is kept, and whether an image is built. */
export interface Recipe {
  readonly name: string;
  readonly description: string;
  /** What has to be given, by name, with what it is. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly build: readonly JsonObject[] | null;
  readonly push: readonly JsonObject[] | null;
  readonly pull: readonly JsonObject[] | null;
  readonly jobVariables: JsonObject;
}

type Storage = Pick<Recipe, "push" | "pull" | "inputs"> & { readonly where: string };

const bucket = (of: string) => ({ bucket: `The ${of} bucket that keeps the code` });

const STORAGES: Readonly<Record<string, Storage>> = {
  local: {
    where: "on the local file system",
    inputs: {},
    push: null,
    pull: [{ "prefect.deployments.steps.set_working_directory": { directory: "{{ directory }}" } }],
  },
  git: {
    where: "in a git repository",
    inputs: {},
    push: null,
    pull: [
      {
        "prefect.deployments.steps.git_clone": {
          repository: "{{ repository }}",
          branch: "{{ branch }}",
          access_token: null,
        },
      },
    ],
  },
  s3: bucketStorage({ where: "in S3", module: "prefect_aws", suffix: "s3", requires: "prefect-aws>=0.3.4" }),
  gcs: bucketStorage({
    where: "in Google Cloud Storage",
    module: "prefect_gcp",
    suffix: "gcs",
    requires: "prefect-gcp>=0.4.3",
  }),
  azure: bucketStorage({
    where: "in Azure Blob Storage",
    module: "prefect_azure",
    suffix: "azure_blob_storage",
    requires: "prefect-azure[blob_storage]>=0.2.8",
  }),
};

const IMAGE_INPUTS = { image_name: "Name of the image, its registry included", tag: "Tag of the image" };
const DOCKER = { requires: "prefect-docker>=0.3.1" };

const BUILD_IMAGE = {
  "prefect_docker.deployments.steps.build_docker_image": {
    id: "build_image",
    ...DOCKER,
    image_name: "{{ image_name }}",
    tag: "{{ tag }}",
    dockerfile: "{{ dockerfile }}",
  },
};

const PUSH_IMAGE = {
  "prefect_docker.deployments.steps.push_docker_image": {
    ...DOCKER,
    image_name: "{{ build_image.image_name }}",
    tag: "{{ build_image.tag }}",
  },
};

const IN_IMAGE = [{ "prefect.deployments.steps.set_working_directory": { directory: "/opt/prefect/{{ name }}" } }];

/** The recipes by name, each storage also with an image. */
export const recipes: readonly Recipe[] = Object.entries(STORAGES)
  .flatMap(([name, storage]) => [plain(name, storage), withImage(name, storage)])
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));

function plain(name: string, { where, ...storage }: Storage): Recipe {
  return { name, description: `Keep the code ${where}`, build: null, jobVariables: {}, ...storage };
}

function withImage(storageName: string, { where, inputs, push, pull }: Storage): Recipe {
  const isLocal = storageName === "local";
  return {
    name: isLocal ? "docker" : `docker-${storageName}`,
    description: isLocal ? "Keep the code in an image" : `Keep the code ${where}, and build an image to run it in`,
    inputs: { ...IMAGE_INPUTS, ...inputs },
    build: [BUILD_IMAGE],
    push: [PUSH_IMAGE, ...(push ?? [])],
    pull: isLocal ? IN_IMAGE : pull,
    jobVariables: { image: "{{ build_image.image }}" },
  };
}

interface BucketStorage {
  readonly where: string;
  /** The Python package with the steps. */
  readonly module: string;
  readonly suffix: string;
  readonly requires: string;
}

function bucketStorage({ where, module, suffix, requires }: BucketStorage): Storage {
  const key = suffix === "azure_blob_storage" ? "container" : "bucket";
  const step = (verb: string, inputs: JsonObject) => ({
    [`${module}.deployments.steps.${verb}_${suffix}`]: { ...inputs, requires },
  });
  return {
    where,
    inputs: key === "container" ? { container: "The container that keeps the code" } : bucket(suffix.toUpperCase()),
    push: [step("push_to", { id: "push_code", [key]: `{{ ${key} }}`, folder: "{{ name }}" })],
    pull: [step("pull_from", { id: "pull_code", [key]: `{{ push_code.${key} }}`, folder: "{{ push_code.folder }}" })],
  };
}

/** Which recipe fits a folder that has or has not a git repository and a Dockerfile. */
export function recipeFor({ hasGit, hasDockerfile }: { hasGit: boolean; hasDockerfile: boolean }): string {
  if (hasGit) return hasDockerfile ? "docker-git" : "git";
  return hasDockerfile ? "docker" : "local";
}
