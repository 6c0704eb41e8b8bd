"""The official SDKs through ccr, each as the client it is. The whole matrix is `tools/matrix`'s."""

from bed.marks import test
from bed.sdk import check_sdk, script
from bed.service import Service, providers_of
from bed.upstream import Upstream


def run_sdk(client, wire):
    with Upstream(script) as upstream, Service(providers_of(upstream, wire)) as service:
        return check_sdk(service, client)


@test(limit=90)
def messages_over_chat():
    return run_sdk("messages", "chat")


@test(limit=90)
def messages_over_messages():
    return run_sdk("messages", "messages")


@test(limit=90)
def chat_over_chat():
    return run_sdk("chat", "chat")


@test(limit=90)
def chat_over_messages():
    return run_sdk("chat", "messages")
