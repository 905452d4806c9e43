#!/usr/bin/env bash
# Waits until a CustomResourceDefinition is established. Called by helmfile hooks.
# usage: scripts/wait-for-crd.sh NAME
set -euo pipefail
kubectl wait "crd/${1:?usage: wait-for-crd.sh NAME}" --for=condition=Established --timeout=120s
