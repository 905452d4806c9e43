#!/usr/bin/env bash
# Renders the layers 10–20 with helmfile into gitops/platform; what is committed there is what Argo CD applies.
# usage: scripts/render-foundation.sh [ENVIRONMENT…]
set -euo pipefail
cd "$(dirname "$0")/.."

environments=("$@")
[ ${#environments[@]} -gt 0 ] || environments=(local dev staging production)

while read -r group release; do
  for environment in "${environments[@]}"; do
    folder="gitops/platform/environments/$environment/components/foundation/$group/$release"
    {
      echo "# Rendered by scripts/render-foundation.sh; do not edit."
      helmfile --quiet --file infra/kubernetes/helmfile.yaml --environment "$environment" --selector "name=$release" \
        template --include-crds --skip-needs
    } >"$folder/manifests.yaml"
  done
done <<'COMPONENTS'
bootstrap namespace
bootstrap bootstrap-smoke
crds gateway-api-crds
crds prometheus-crds
crds redis-crds
coredns-config coredns-config
secrets-certificates cert-manager
secrets-certificates external-secrets
secrets-certificates vault
secrets-certificates vault-secrets-platform
secrets-certificates vault-secrets-observability
secrets-certificates secrets-smoke
core-operators cloudnative-pg
core-operators strimzi
core-operators redis-operator
core-operators clickhouse-operator
core-operators keycloak-operator
core-operators operators-smoke
COMPONENTS
