"""The official SDKs through ccr, each as the client it is, over every kind of provider."""

import functools

from bed.marks import test
from bed.sdk import PACKAGES, check_sdk, script
from bed.service import Service, providers_of
from bed.upstream import Upstream
from bed.wires import WIRES


def run_sdk(client, wire):
    with Upstream(script) as upstream, Service(providers_of(upstream, wire)) as service:
        return check_sdk(service, client)


for _client in PACKAGES:
    for _wire in WIRES:
        globals()[f"{_client}_over_{_wire}"] = test(limit=90)(functools.partial(run_sdk, _client, _wire))
