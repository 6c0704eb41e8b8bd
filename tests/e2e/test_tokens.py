"""Tokens: our tokenizers against npm's on a few seconds' worth of text, or on all of it with E2E_FULL=1."""

import os
import pathlib
import subprocess

from bed.marks import Skipped, check, test
from bed.service import ROOT, find_binary

NOT_INSTALLED = 77


def compare(form):
    binary = pathlib.Path(find_binary()).parent / "token_ids"
    if not binary.is_file():
        raise Skipped(f"{binary} is not built")
    ran = subprocess.run([ROOT / "tests/tokens/differential.sh", form], capture_output=True, text=True, check=False,
                         env={**os.environ, "TOKEN_IDS": str(binary)})
    if ran.returncode == NOT_INSTALLED:
        raise Skipped(ran.stderr.strip())
    check(ran.returncode == 0, ran.stdout + ran.stderr)
    return ran.stdout.splitlines()[-2]


@test(limit=240)
def numbers_are_those_of_npm_tokenizers():
    return compare("short")


@test(limit=3600, full=True)
def numbers_are_those_of_npm_tokenizers_on_everything():
    return compare("full")
