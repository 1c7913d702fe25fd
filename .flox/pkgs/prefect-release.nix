# Prefect from the tarball on npm, which is built already: a download, no build tools.
# To update: scripts/update-version --release VERSION, once that version is published.
{
  lib,
  stdenvNoCC,
  nodejs_24,
  runtimeShell,
  cacert,
  # What to install. The hash is that of a version on npm, empty until it is there; `tarball`, a path, takes npm's place.
  prefectRelease ? {
    version = "3.9.1";
    hash = "";
  },
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
    inherit (prefectRelease) version hash;
    release = prefectRelease.tarball or true;
  };
in
makePackage {
  pname = "prefect-release";
  inherit (prefectRelease) version;
  inherit npmPackages;

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
    tar -xzf ${npmPackages}/release.tgz -C $laidOut --strip-components=1
  '';
}
