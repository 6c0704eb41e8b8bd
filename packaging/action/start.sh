#!/usr/bin/env bash
# Starts ccr for the steps that follow in a job, and gives them the client's environment.
#   CCR_ACTION_CONFIG   the configuration, JSON5; keys as $VARIABLES of the job. Empty: the one that is there
#   CCR_ACTION_BINARY   the ccr to start
#   GITHUB_ENV, GITHUB_PATH, GITHUB_OUTPUT   as GitHub sets them
set -euo pipefail

ccr=${CCR_ACTION_BINARY:-ccr}
home=${CCR_ACTION_HOME:-$HOME/.claude-code-router}

if [ -n "${CCR_ACTION_CONFIG:-}" ]; then
    mkdir -p -m 700 "$home"
    (umask 077 && printf '%s\n' "$CCR_ACTION_CONFIG" >"$home/config.json")
fi
"$ccr" start --daemon

# `export NAME='value'` and `unset NAME`, one to a line; the shell itself takes the quotes off.
environment=$("$ccr" activate)
names=$(sed -nE 's/^(export|unset) ([A-Za-z_][A-Za-z_0-9]*).*/\2/p' <<<"$environment")
eval "$environment"
for name in $names; do
    value=${!name-}
    # Without APIKEY the client is given the word `test`, which would vanish from the whole job's log.
    case "$name" in *TOKEN | *KEY) [ -z "$value" ] || [ "$value" = test ] || echo "::add-mask::$value" ;; esac
    # A delimiter that no value holds, so that one of several lines stays one value.
    printf '%s<<ccr-end-of-value\n%s\nccr-end-of-value\n' "$name" "$value" >>"$GITHUB_ENV"
done
echo "endpoint=$ANTHROPIC_BASE_URL" >>"$GITHUB_OUTPUT"
echo "ccr is ready at $ANTHROPIC_BASE_URL"
