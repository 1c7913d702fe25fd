# The installed form that `prefect` and `prefect-release` share: the package, and commands that start it with this very
# Node. What the two differ in is how the package's folder comes about.
{
  lib,
  stdenvNoCC,
  nodejs_24,
  runtimeShell,
}:
{
  pname,
  version,
  src,
  # The one derivation that is fetched.
  downloads,
  # Shell code that lays the published package out in the folder $laidOut.
  layOut,
}:
assert lib.assertMsg (lib.versionAtLeast nodejs_24.version "24.12")
  "Prefect needs Node 24.12 or newer, and nodejs_24 of this nixpkgs is ${nodejs_24.version}.";
stdenvNoCC.mkDerivation {
  inherit pname version src;

  nativeBuildInputs = [ nodejs_24 ];
  # For the interpreter that the launcher names.
  buildInputs = [ nodejs_24 ];
  strictDeps = true;

  configurePhase = ''
    runHook preConfigure
    export HOME=$TMPDIR laidOut=$TMPDIR/package
    runHook postConfigure
  '';

  buildPhase = ''
    runHook preBuild
    ${layOut}
    runHook postBuild
  '';

  installPhase = ''
    runHook preInstall
    mkdir -p $out/bin $out/lib/node_modules $out/share/prefect
    cp -r $laidOut $out/lib/node_modules/prefect
    cp ${./resolve-prefect.mjs} $out/share/prefect/resolve-prefect.mjs

    cat > $out/bin/prefect <<EOF
    #!${runtimeShell}
    # Whoever says where Prefect keeps its files finds all of them there, Node's compiled code, too.
    if [ -n "\''${PREFECT_HOME-}" ]; then
      export NODE_COMPILE_CACHE="\''${NODE_COMPILE_CACHE-\$PREFECT_HOME/cache/compile}"
    fi
    exec ${nodejs_24}/bin/node $out/lib/node_modules/prefect/bin/prefect "\$@"
    EOF

    cat > $out/bin/prefect-server <<EOF
    #!${runtimeShell}
    # \`prefect server start\`, or \`prefect\` with the arguments that are given.
    [ \$# -gt 0 ] || set -- server start
    exec $out/bin/prefect "\$@"
    EOF

    chmod +x $out/bin/*
    runHook postInstall
  '';

  doInstallCheck = true;
  installCheckPhase = ''
    runHook preInstallCheck
    [ "$($out/bin/prefect --version)" = ${version} ]
    $out/bin/prefect-server server start --help > /dev/null
    runHook postInstallCheck
  '';

  passthru = {
    inherit downloads;
    nodejs = nodejs_24;
  };

  meta = {
    description = "Workflow orchestration: the Prefect 3 server, scheduler, CLI and SDK in TypeScript";
    license = lib.licenses.asl20;
    mainProgram = "prefect";
    platforms = [
      "x86_64-linux"
      "aarch64-linux"
      "x86_64-darwin"
      "aarch64-darwin"
    ];
  };
}
