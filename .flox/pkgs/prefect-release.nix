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
  fetchRelease = import ../../packaging/nix/release-tarball.nix {
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
makePackage rec {
  pname = "prefect-release";
  inherit (prefectRelease) version;
  downloads = fetchRelease prefectRelease;
  src = downloads;
  layOut = "cp -r . $laidOut";
}
