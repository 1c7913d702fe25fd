// Given to child processes with `--import`: their users' files mean this package, too.
import { resolveOwnPackage } from "./resolve-own-package.ts";

resolveOwnPackage();
