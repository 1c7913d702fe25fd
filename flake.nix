{
  description = "Prefect 3 in TypeScript: server, scheduler, CLI and SDK in one package";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEachSystem =
        make:
        nixpkgs.lib.genAttrs systems (
          system: make nixpkgs.legacyPackages.${system} self.packages.${system}
        );
    in
    {
      packages = forEachSystem (
        pkgs: ours: {
          prefect = pkgs.callPackage ./.flox/pkgs/prefect.nix { };
          prefect-release = pkgs.callPackage ./.flox/pkgs/prefect-release.nix { };
          default = ours.prefect;
        }
      );

      apps = forEachSystem (
        _: ours: {
          prefect = {
            type = "app";
            program = "${ours.prefect}/bin/prefect";
          };
          prefect-server = {
            type = "app";
            program = "${ours.prefect}/bin/prefect-server";
          };
          default = self.apps.${ours.prefect.system}.prefect;
        }
      );

      devShells = forEachSystem (
        pkgs: ours: {
          default = pkgs.mkShell {
            packages = [
              ours.prefect
              ours.prefect.nodejs
            ];
            NODE_OPTIONS = "--import=${ours.prefect}/share/prefect/resolve-prefect.mjs";
          };
        }
      );

      checks = forEachSystem (
        pkgs: ours: {
          inherit (ours) prefect;
          server = pkgs.callPackage ./packaging/nix/check-server.nix { inherit (ours) prefect; };
        }
      );

      overlays.default = final: _: {
        prefect = final.callPackage ./.flox/pkgs/prefect.nix { };
        prefect-release = final.callPackage ./.flox/pkgs/prefect-release.nix { };
      };
    };
}
