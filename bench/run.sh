#!/usr/bin/env bash
# bench/run.sh [--rounds N] [--seconds S]     direct, nginx and ccr side by side, as Markdown; under two minutes
# bench/run.sh scripts [...]                  what JavaScript of the user's adds
#   CCR=PATH     the binary (else CCR_BINARY, build/bench/ccr, build/release/ccr)
set -euo pipefail
cd "$(dirname "$0")/.."
rig=build/bench/rig
mkdir -p "$rig"
for program in upstream load; do
    if [ "bench/rig/$program.cpp" -nt "$rig/$program" ] || [ bench/rig/http_exchange.h -nt "$rig/$program" ]; then
        "${CXX:-g++}" -std=c++20 -O2 -Wall -Wextra -I bench "bench/rig/$program.cpp" -o "$rig/$program"
    fi
done
program=run
if [ "${1:-}" = scripts ]; then
    program=scripts
    shift
fi
exec python3 -B "bench/$program.py" --rig "$rig" "$@"
