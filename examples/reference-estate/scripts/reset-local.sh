#!/usr/bin/env bash
# Removes everything but the cluster from the laptop.
set -euo pipefail
cd "$(dirname "$0")/../infra/kubernetes"
helmfile -e local destroy
kubectl --context k3d-acme delete pvc --all --namespace acme-data
