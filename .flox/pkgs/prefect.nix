# Prefect from this checkout: the one derivation behind the flake, default.nix and `flox build`.
# To update: scripts/update-version VERSION. By hand: change the version, empty the hash, build, copy the hash that the
# error shows.
{
  lib,
  stdenvNoCC,
  nodejs_24,
  runtimeShell,
  cacert,
}:
let
  version = "3.9.1";
  hash = "sha256-WnCelbbNYcU1nE1tHT4xTbbz365+sE/McrrNa93nrRo=";

  # What `npm run build` and scripts/package.ts need of package.json's devDependencies.
  buildTools = [
    "@types/node"
    "@types/pg"
    "@types/ws"
    "typescript"
  ];

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
in
assert lib.assertMsg (
  version == (lib.importJSON ../../package.json).version
) ".flox/pkgs/prefect.nix has version ${version}, package.json another one: run scripts/update-version.";
makePackage {
  pname = "prefect";
  inherit version;

  src = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../bin
      ../../scripts
      ../../src
      (lib.fileset.maybeMissing ../../ui)
      ../../packaging/nix/npm-packages.ts
      ../../packaging/nix/resolve-prefect.mjs
      ../../package.json
      ../../package-lock.json
      ../../tsconfig.base.json
      ../../CHANGELOG.md
      ../../LICENSE
      ../../README.md
    ];
  };

  npmPackages = fetchNpmPackages {
    inherit version hash;
    tools = buildTools;
  };

  layOut = ''
    installNpmPackages $TMPDIR/build ${lib.escapeShellArgs buildTools}
    mv $TMPDIR/build/node_modules .
    export PATH=$PWD/node_modules/.bin:$PATH
    npm run --silent build
    node scripts/package.ts $TMPDIR/packed
    mv $TMPDIR/packed/package $laidOut
  '';
}
