#!/usr/bin/env bash
# Runs the smoke tests of an environment; the pipeline stops when one fails.
# usage: scripts/smoke.sh ENVIRONMENT
set -euo pipefail
cd "$(dirname "$0")/../infra/kubernetes"
helmfile --environment "${1:?usage: smoke.sh ENVIRONMENT}" --selector kind=smoke test --logs
