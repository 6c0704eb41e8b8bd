#!/usr/bin/env bash
# tests/e2e/run.sh [WORD...]     the end-to-end tests whose name contains one of the words, or all of them
#   CCR=PATH         the binary (else CCR_BINARY, build/dev/ccr, build/release/ccr)
#   E2E_FULL=1       also the tests that take minutes
#   E2E_JOBS=N       how many run at once (3)
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/env
exec python3 -B tests/e2e/run.py "$@"
