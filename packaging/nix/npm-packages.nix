# The npm packages of package-lock.json, for all four systems, as one fixed-output derivation: a folder of tarballs.
# npm fetches them from its own registry; npm-packages.ts holds each against the lockfile's integrity.
{
  lib,
  stdenvNoCC,
  nodejs_24,
  cacert,
}:
{
  version,
  hash,
  # Development dependencies that are needed beside the dependencies.
  tools,
}:
let
  src = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../package.json
      ../../package-lock.json
      ./npm-packages.ts
    ];
  };
  # Part of the name, so that a changed lockfile is never answered with the packages of the old one.
  digest = builtins.substring 0 8 (builtins.hashFile "sha256" ../../package-lock.json);
in
stdenvNoCC.mkDerivation {
  pname = "prefect-npm-packages";
  version = "${version}-${digest}";
  inherit src;

  nativeBuildInputs = [ nodejs_24 ];

  NODE_EXTRA_CA_CERTS = "${cacert}/etc/ssl/certs/ca-bundle.crt";
  impureEnvVars = lib.fetchers.proxyImpureEnvVars;

  buildPhase = ''
    runHook preBuild
    export HOME=$TMPDIR
    node packaging/nix/npm-packages.ts fetch . "$out" ${lib.escapeShellArgs tools}
    runHook postBuild
  '';
  dontConfigure = true;
  dontInstall = true;
  dontFixup = true;

  outputHashMode = "recursive";
  outputHashAlgo = "sha256";
  outputHash = hash;
}
