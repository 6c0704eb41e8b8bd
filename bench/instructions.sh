#!/usr/bin/env bash
# bench/instructions.sh [--accept]     counts instructions under callgrind, and fails where a case of bench/instructions.json
# needs over 5 % more; --accept writes what is counted as the new baseline. What it needs is built in build/bench.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env
cmake --preset bench >/dev/null
cmake --build --preset bench --target instructions
exec python3 -B bench/instructions.py build/bench/bench/instructions "$@"
