# The published package as npm has it, as a fixed-output derivation: npm fetches it from its own registry.
{
  stdenvNoCC,
  lib,
  nodejs_24,
  cacert,
}:
{
  version,
  hash,
  # A path, which takes npm's place.
  tarball ? null,
}:
stdenvNoCC.mkDerivation {
  name = "prefect-${version}.tgz";

  nativeBuildInputs = [ nodejs_24 ];

  NODE_EXTRA_CA_CERTS = "${cacert}/etc/ssl/certs/ca-bundle.crt";
  impureEnvVars = lib.fetchers.proxyImpureEnvVars;

  buildCommand =
    if tarball == null then
      ''
        export HOME=$TMPDIR
        npm pack --silent --ignore-scripts prefect@${version}
        mv *.tgz $out
      ''
    else
      ''
        cp ${tarball} $out
      '';

  outputHashMode = "flat";
  outputHashAlgo = "sha256";
  outputHash = hash;
}
