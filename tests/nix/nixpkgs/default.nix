# machine.nix, which the tests write, says where this machine has its tools:
# { shell, path, node, nodeVersion, npm, npmCache, certificates }
{
  system ? builtins.currentSystem,
}:
let
  machine = import ./machine.nix;
  lib = import ./lib.nix;

  # Only what Nix itself gives to builders; everything else is in the attributes.
  mkDerivation =
    attributes:
    let
      environment = removeAttrs attributes [
        "passthru"
        "meta"
        "nativeBuildInputs"
        "pname"
        "version"
      ];
      name = attributes.name or "${attributes.pname}-${attributes.version}";
    in
    derivation (
      environment
      // {
        inherit name system;
        outputs = [ "out" ];
        builder = machine.shell;
        args = [ ./stdenv.sh ];
        PATH = builtins.concatStringsSep ":" (
          map (package: "${package}/bin") (attributes.nativeBuildInputs or [ ]) ++ [ machine.path ]
        );
      }
    )
    // (attributes.passthru or { })
    // {
      meta = attributes.meta or { };
    };

  callPackageWith =
    scope: file: overrides:
    let
      function = if builtins.isFunction file then file else import file;
      make =
        more:
        function (builtins.intersectAttrs (builtins.functionArgs function) scope // more)
        // {
          override = further: make (more // further);
        };
    in
    make overrides;

  pkgs = {
    inherit lib system;
    callPackage = callPackageWith pkgs;
    runtimeShell = machine.shell;
    stdenvNoCC = {
      inherit mkDerivation;
    };

    cacert = mkDerivation {
      name = "cacert";
      certificates = machine.certificates;
      buildCommand = ''
        mkdir -p $out/etc/ssl/certs
        cp -L $certificates $out/etc/ssl/certs/ca-bundle.crt
      '';
    };

    nodejs_24 =
      mkDerivation {
        name = "nodejs-${machine.nodeVersion}";
        inherit (machine) node npm npmCache;
        buildCommand = ''
          mkdir -p $out/bin
          cp -L $node $out/bin/node
          cat > $out/bin/npm <<EOF
          #!${machine.shell}
          export npm_config_cache="\''${npm_config_cache-$npmCache}"
          exec $out/bin/node $npm "\$@"
          EOF
          chmod +x $out/bin/*
        '';
      }
      // {
        version = machine.nodeVersion;
      };

    runCommand =
      name: attributes: buildCommand:
      mkDerivation (attributes // { inherit name buildCommand; });

    mkShell =
      { packages, ... }@attributes:
      mkDerivation (
        removeAttrs attributes [ "packages" ]
        // {
          name = "nix-shell";
          nativeBuildInputs = packages;
          buildCommand = "touch $out";
        }
      );
  };
in
pkgs
