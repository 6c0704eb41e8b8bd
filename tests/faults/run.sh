#!/usr/bin/env bash
# tests/faults/run.sh [WORD...]     the fault table: each fault x wire x streamed or whole x lane, and each bad client
# Prints a row per fault and the counts; only rows whose name contains one of the words, where there are any.
#   CCR=PATH            the binary (else CCR_BINARY, build/dev/ccr, build/release/ccr)
#   FAULTS_COMPACT=1    two cells of each fault instead of sixteen, others for each, for CI
#   FAULTS_JOBS=N       cells at once (24)
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/env
exec python3 -B tests/faults/run.py "$@"
