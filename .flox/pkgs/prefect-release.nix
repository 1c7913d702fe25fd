# Prefect from the tarball on npm, which is built already: a download, no build tools.
# To update: scripts/update-version --release VERSION, once that version is published.
{
  lib,
  stdenvNoCC,
  nodejs_24,
  runtimeShell,
  cacert,
  # The hash of a version that is published. It is empty until then.
  version ? "3.9.1",
  hash ? "",
  # Another tarball than npm's: a path.
  tarball ? true,
}:
let
  fetchNpmPackages = import ../../packaging/nix/npm-packages.nix {
    inherit
      lib
      stdenvNoCC
      nodejs_24
      cacert
      ;
  };
  makePackage = import ../../packaging/nix/make-package.nix {
    inherit
      lib
      stdenvNoCC
      nodejs_24
      runtimeShell
      ;
  };
  npmPackages = fetchNpmPackages {
    inherit version hash;
    release = tarball;
  };
in
makePackage {
  pname = "prefect-release";
  inherit version npmPackages;

  src = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../packaging/nix/npm-packages.ts
      ../../packaging/nix/resolve-prefect.mjs
      ../../package.json
      ../../package-lock.json
    ];
  };

  layOut = ''
    mkdir $laidOut
    tar -xzf ${npmPackages}/prefect-${version}.tgz -C $laidOut --strip-components=1
  '';
}
