#!/usr/bin/env bash
# bench/run.sh [PART...] [--rounds N] [--seconds S] [--out DIRECTORY]     direct, nginx, ccr and the reference side by side, as Markdown
#   about seventeen minutes without a PART; bench/run.sh --help names the parts
# bench/run.sh scripts [...]                            what JavaScript of the user's adds
# bench/run.sh train                                    what tools/build-profiled asks of the program that counts
#   CCR=PATH     the binary (else CCR_BINARY, build/package/ccr, build/release/ccr)
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env
rig=build/bench/rig
mkdir -p "$rig"
for program in upstream load; do
    if [ ! -x "$rig/$program" ] || [ -n "$(find bench/rig -newer "$rig/$program" -type f)" ]; then
        "${CXX:-g++}" -std=c++20 -O2 -Wall -Wextra -I bench "bench/rig/$program.cpp" -o "$rig/$program.$$"
        mv "$rig/$program.$$" "$rig/$program"
    fi
done
program=run
case "${1:-}" in
scripts | train)
    program=$1
    shift
    ;;
esac
exec python3 -B "bench/$program.py" --rig "$rig" "$@"
