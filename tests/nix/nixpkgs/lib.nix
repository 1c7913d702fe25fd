# The functions of nixpkgs' `lib` that our Nix files use.
let
  genAttrs =
    names: f:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = f name;
      }) names
    );
  hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
  within = file: folder: file == folder || hasPrefix "${folder}/" file;
in
{
  inherit genAttrs;
  assertMsg = holds: message: holds || throw message;
  importJSON = file: builtins.fromJSON (builtins.readFile file);
  escapeShellArgs = builtins.concatStringsSep " ";
  versionAtLeast = version: least: builtins.compareVersions version least >= 0;
  licenses.asl20.spdxId = "Apache-2.0";
  fetchers.proxyImpureEnvVars = [
    "http_proxy"
    "https_proxy"
    "no_proxy"
  ];

  # A file set is here a list of paths as text.
  fileset = {
    maybeMissing = path: if builtins.pathExists path then path else [ ];
    unions =
      sets:
      map (
        path: if builtins.pathExists path then toString path else throw "${toString path} does not exist"
      ) (builtins.concatLists (map (set: if builtins.isList set then set else [ set ]) sets));
    toSource =
      { root, fileset }:
      {
        outPath = builtins.path {
          path = root;
          name = "source";
          filter = path: _: builtins.any (wanted: within path wanted || within wanted path) fileset;
        };
      };
  };
}
