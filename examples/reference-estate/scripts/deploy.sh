#!/usr/bin/env bash
# Deploys one environment, or one layer of it.
# usage: scripts/deploy.sh ENVIRONMENT [LAYER]
set -euo pipefail
cd "$(dirname "$0")/../infra/kubernetes"

environment="${1:?usage: deploy.sh ENVIRONMENT [LAYER]}"
layer="${2:-}"

if [ "$environment" = production ] && [ "${CONFIRM:-}" != yes ]; then
  echo "production: set CONFIRM=yes" >&2
  exit 1
fi

if [ -n "$layer" ]; then
  helmfile --environment "$environment" --selector "layer=$layer" apply --suppress-secrets
else
  helmfile --environment "$environment" sync
fi
