#!/usr/bin/env bash
# The credentials of the object store on a laptop. Called by a helmfile hook.
# usage: scripts/create-local-minio-secret.sh NAMESPACE
set -euo pipefail
kubectl --context k3d-acme --namespace "$1" create secret generic minio-root \
  --from-literal=MINIO_ROOT_USER=acme --from-literal=MINIO_ROOT_PASSWORD=acme-on-a-laptop \
  --dry-run=client --output yaml | kubectl --context k3d-acme apply --filename -
