# The phases of nixpkgs' generic builder that our derivations go through.
set -euo pipefail

export TMPDIR=$NIX_BUILD_TOP
cd "$TMPDIR"
umask 022

runHook() { :; }

runPhase() { # NAME [DEFAULT]
  local name=$1 skip="dont${1^}"
  skip=${skip%Phase}
  [ -z "${!skip-}" ] || return 0
  eval "${!name-${2-}}"
}

if [ -n "${buildCommand-}" ]; then
  eval "$buildCommand"
else
  if [ -d "$src" ]; then cp -r "$src" source; else mkdir source && tar -xzf "$src" -C source --strip-components=1; fi
  chmod -R u+w source
  cd source
  runPhase configurePhase
  runPhase buildPhase
  runPhase installPhase
  if [ -n "${doInstallCheck-}" ]; then runPhase installCheckPhase; fi
fi
