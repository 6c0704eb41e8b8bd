#!/usr/bin/env bash
# tests/tokens/differential.sh [full|short] [SEED]     our tokenizers against npm's, number by number
#   TOKEN_IDS=PATH      the binary (else build/release/token_ids, build/dev/token_ids)
# full (the default): 50 MB of mixed text, every code point, a million random strings; some minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/env
form=${1:-full} seed=${2:-1}
for binary in "${TOKEN_IDS:-}" build/release/token_ids build/dev/token_ids; do
    if [ -x "$binary" ]; then break; fi
done
[ -x "$binary" ] || { echo "token_ids is not built: ninja -C build/dev token_ids" >&2; exit 1; }
exec node tests/tokens/differential.mjs "$(realpath "$binary")" "$form" "$seed"
