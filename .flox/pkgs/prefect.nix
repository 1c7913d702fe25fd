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
  hash = "sha256-Wz/A0pA4LUC/7eB5719wngj4nXTd40ZKWw5UYGAPErw=";

  # What `npm run build` and scripts/package.ts need of package.json's devDependencies.
  buildTools = [
    "@types/node"
    "@types/pg"
    "@types/ws"
    "esbuild"
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
makePackage rec {
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
      ../../package.json
      ../../package-lock.json
      ../../tsconfig.base.json
      ../../CHANGELOG.md
      ../../LICENSE
      ../../README.md
    ];
  };

  downloads = fetchNpmPackages {
    inherit version hash;
    tools = buildTools;
  };

  layOut = ''
    # An `npm ci` that needs no network.
    node packaging/nix/npm-packages.ts project . ${downloads} $TMPDIR/build ${lib.escapeShellArgs buildTools}
    npm ci --prefix $TMPDIR/build --cache $TMPDIR/npm --offline --ignore-scripts --no-audit --no-fund --no-progress \
      --loglevel=error
    mv $TMPDIR/build/node_modules .
    export PATH=$PWD/node_modules/.bin:$PATH
    npm run --silent build
    node scripts/package.ts $TMPDIR/packed
    mv $TMPDIR/packed/package $laidOut
  '';
}
