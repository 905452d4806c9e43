#!/usr/bin/env bash
# A cluster on a laptop, from nothing: k3d, then all layers in order.
set -euo pipefail
cd "$(dirname "$0")/.."

k3d cluster list acme >/dev/null 2>&1 || k3d cluster create acme --agents 2 --k3s-arg "--disable=traefik@server:0"

for file in infra/kubernetes/helmfiles/*.yaml*; do
  echo "--- $file"
  helmfile -f "$file" -e local sync
done

scripts/smoke.sh local
