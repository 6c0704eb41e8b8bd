"""The unit file that is shipped."""

import re
import shutil
import subprocess

from bed.marks import Skipped, check, test
from bed.service import ROOT

UNIT = ROOT / "packaging/systemd/ccr.service"
MOST = 2.5  # of 10; systemd calls up to 2.5 "OK", and a service that talks to the internet cannot do without a network


@test()
def the_unit_is_confined():
    if not shutil.which("systemd-analyze"):
        raise Skipped("systemd-analyze is not here")
    run = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNIT)], capture_output=True,
                         text=True, check=False, timeout=20)
    found = re.search(r"exposure level for ccr.service: ([0-9.]+)", run.stdout)
    if not found:
        raise Skipped(f"this systemd-analyze does not look at files: {run.stderr.strip()[:100]}")
    check(float(found[1]) <= MOST, f"exposure {found[1]}, at most {MOST} is allowed")
    return f"exposure {found[1]} of 10"


@test()
def the_unit_hands_over():
    text = UNIT.read_text(encoding="utf-8")
    for line in ("Type=notify", "NotifyAccess=all", "ExecReload=%h/.local/bin/ccr restart", "LimitCORE=0"):
        check(line in text.splitlines(), f"{line} is missing")
