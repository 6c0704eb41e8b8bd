#!/usr/bin/env bash
# tests/faults/soak.sh [SECONDS] [STREAMS]     streams with a checksum in each, for 1800 s, 200 at once, 1 % of them broken upstream
# Every answer must be complete and what its provider sent, or an error that says so, which is asked again; memory and
# descriptors must stay where they were. Prints a line each half minute and what came of it.
#   CCR=PATH         the binary (else CCR_BINARY, build/dev/ccr, build/release/ccr)
#   SOAK_FAULTS=N    so many of a thousand requests are broken (10)
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/env
exec python3 -B tests/faults/soak.py "$@"
