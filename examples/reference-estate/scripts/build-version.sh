#!/bin/sh
# Prints the version that is written on the installed platform.
set -eu
cat "$(dirname "$0")/../VERSION"
