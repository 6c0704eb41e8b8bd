"""The models that the real client lists, and what choosing one of them comes to upstream."""

from bed.marks import check, equal, test, until
from bed.service import Service, providers_of
from bed.terminal import Terminal
from bed.upstream import Upstream

ROUTER = {"default": "e2e,big-model", "models": {"fast": "e2e,small-model", "claude-3-*": "e2e,unlisted"}}


@test(limit=60)
def the_real_clients_picker_lists_aliases_and_models_and_switches_live():
    with Upstream() as upstream, Service(providers_of(upstream, Router=ROUTER)) as service:

        def asked(terminal, prompt):
            terminal.command(prompt)
            until(lambda: any(prompt in s.user_text() for s in upstream.seen), f"a request for {prompt}", 20)
            return next(s.model for s in upstream.seen if prompt in s.user_text() and s.tools())

        with Terminal(service, CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY="1") as terminal:
            terminal.sees("bypass permissions on")
            equal(asked(terminal, "first-question"), "big-model", "the model before")
            terminal.command("/model")
            for shown in ("fast (e2e,small-model)", "e2e,big-model", "e2e,small-model", "e2e,unlisted"):
                terminal.sees(shown)
            terminal.type("6")  # after the client's own five
            terminal.sees("Switch model?")
            terminal.type("\r")
            terminal.sees("Set model to")
            equal(asked(terminal, "second-question"), "small-model", "the model after the alias was chosen")
            terminal.command("/model e2e,typed")
            terminal.sees("Switch model?")
            terminal.type("\r")
            terminal.sees("Set model to")
            equal(asked(terminal, "third-question"), "typed", "the model after one was typed")
        check(service.alive(), "the service")
