# Starts the server of the package, in an empty home, and asks it how it is.
{ runCommand, prefect }:
runCommand "prefect-server-check"
  {
    nativeBuildInputs = [ prefect.nodejs ];
    __darwinAllowLocalNetworking = true;
  }
  ''
    export HOME=$TMPDIR/home PREFECT_HOME=$TMPDIR/prefect
    mkdir $HOME
    node ${./check-server.ts} ${prefect}/bin/prefect
    [ -z "$(ls -A $HOME)" ]
    touch $out
  ''
