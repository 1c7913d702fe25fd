import { gitClone } from "./builtin/git-clone.ts";
import { npmInstall, pipInstallRequirements } from "./builtin/install-requirements.ts";
import { runShellScript } from "./builtin/run-shell-script.ts";
import { setWorkingDirectory } from "./builtin/set-working-directory.ts";
import { buildDockerImage } from "./docker/build-docker-image.ts";
import { pushDockerImage } from "./docker/push-docker-image.ts";
import type { Step } from "./step.ts";

const BUILTIN: Readonly<Record<string, Step>> = {
  git_clone: gitClone,
  npm_install: npmInstall,
  pip_install_requirements: pipInstallRequirements,
  run_shell_script: runShellScript,
  set_working_directory: setWorkingDirectory,
};

const DOCKER: Readonly<Record<string, Step>> = {
  build_docker_image: buildDockerImage,
  push_docker_image: pushDockerImage,
};

const DOCKER_MODULE = /^prefect_docker\.(?:deployments|projects)\.steps\.(\w+)$/;
const MODULE = /^prefect\.(?:deployments|projects)\.steps\.(?:(?:core|pull|utility)\.)?(\w+)$/;

/** The step of our own that a qualified name means, or undefined: then it is a Python function. */
export function findStep(qualifiedName: string): Step | undefined {
  const name = MODULE.exec(qualifiedName)?.[1];
  if (name !== undefined) return BUILTIN[name];
  const dockerName = DOCKER_MODULE.exec(qualifiedName)?.[1];
  return dockerName === undefined ? undefined : DOCKER[dockerName];
}
