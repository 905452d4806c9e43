#!/usr/bin/env bash
# Runs a command (helmfile, a script) without a network: puts the vendored copy of each OCI chart where helmfile keeps the ones it pulled.
# usage: scripts/offline.sh helmfile --file infra/kubernetes/helmfile.yaml -e dev template
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"

export HELMFILE_CACHE_HOME="${HELMFILE_CACHE_HOME:-$(mktemp -d)}"
folder="$HELMFILE_CACHE_HOME/oci__docker_io/envoyproxy/gateway-helm/1.5.4"
mkdir -p "$folder"
cp -R "$root/infra/kubernetes/charts/third_party/gateway-helm" "$folder/"

exec "$@"
