#!/usr/bin/env bash
# tests/faults/failoverbench.sh     the sixteen scenarios of the public failoverbench catalogue, over Chat and Messages
#   CCR=PATH        the binary (else CCR_BINARY, build/dev/ccr, build/release/ccr)
#   FULL_TIMES=1    the catalogue's own times (three minutes) instead of shorter ones (a minute)
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/env
exec python3 -B tests/faults/failoverbench.py
