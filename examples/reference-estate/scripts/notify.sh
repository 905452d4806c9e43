#!/usr/bin/env bash
# Tells the team's channel that a release is out. Called by a helmfile hook.
# usage: scripts/notify.sh RELEASE ENVIRONMENT
set -euo pipefail
[ -n "${CHAT_WEBHOOK:-}" ] || exit 0
curl --fail --silent --show-error --json "{\"text\": \"$1 is out in $2\"}" "$CHAT_WEBHOOK"
