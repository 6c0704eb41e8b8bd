"""The Router of a project and of a session, found by the session ids that clients send."""

import json
import shutil

from bed.marks import equal, test, until
from bed.service import Service, providers_of
from bed.upstream import Upstream

SESSION = "0d5e0000-0000-4000-8000-0000000000aa"
PROJECT = "-work-shop"


def begin(service, session=SESSION):
    folder = service.path / ".claude/projects" / PROJECT
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{session}.jsonl").touch()


def write(service, name, router):
    folder = service.state / PROJECT
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"Router": router}), encoding="utf-8")


def ways_to_name(session):
    """Today's header, today's user_id and the old one."""
    return [({"x-claude-code-session-id": session}, {}),
            ({}, {"metadata": {"user_id": json.dumps({"device_id": "d", "session_id": session})}}),
            ({}, {"metadata": {"user_id": f"user_x_account_y_session_{session}"}})]


def model_of(service, upstream, headers=None, **more):
    equal(service.ask(headers=headers, **more).status, 200, "status")
    return upstream.seen[-1].json["model"]


@test()
def r4_a_projects_router_holds_for_every_form_of_session_id():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        begin(service)
        write(service, "config.json", {"default": "e2e,small-model"})
        for headers, more in ways_to_name(SESSION):
            equal(model_of(service, upstream, headers, **more), "small-model", f"model for {headers or more}")
        equal(model_of(service, upstream), "big-model", "model without a session")
        write(service, f"{SESSION}.json", {"default": "e2e,big-model"})
        header = ways_to_name(SESSION)[0][0]
        until(lambda: model_of(service, upstream, header) == "big-model", "the session's own router")
        shutil.rmtree(service.state / PROJECT)
        until(lambda: model_of(service, upstream, header) == "big-model", "the global router again")


@test()
def r6_a_session_that_is_new_is_found_a_little_later():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        write(service, "config.json", {"default": "e2e,small-model"})
        header = ways_to_name(SESSION)[0][0]
        equal(model_of(service, upstream, header), "big-model", "before the transcript is there")
        begin(service)
        until(lambda: model_of(service, upstream, header) == "small-model", "the project's router")
