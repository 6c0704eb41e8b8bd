"""`ccr model` in a terminal: routes and models to choose from; without one it shows them."""

from bed.marks import check, equal, test
from bed.screen import DOWN, ENTER, ESCAPE, INTERRUPT, Screen
from bed.service import Home, Service, providers_of
from bed.upstream import Upstream


def menu(home, **more):
    return Screen(home, "model", **more)


@test()
def a_route_is_chosen_from_a_searched_list():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        with menu(service) as screen:
            screen.sees("default e2e,big-model")
            screen.sees("think (not set)")
            screen.type(ENTER)
            screen.sees("default goes to")
            screen.type("small" + ENTER)
            screen.sees("Enter changes a route")
            screen.type(DOWN + DOWN + ENTER)
            screen.sees("think goes to")
            screen.type("zzz")
            screen.sees("(nothing has that in its name)")
            screen.type(ENTER + ESCAPE)
            screen.sees("Enter changes a route")
            screen.type("q")
            screen.sees("default in ~/.claude-code-router/config.json: e2e,small-model")
            equal(screen.ends(), 0, "exit code")
        service.ask()
        equal(upstream.seen[-1].json["model"], "small-model", "the model upstream")
        check("think" not in (service.state / "config.json").read_text(), "what was given up is not set")


@test()
def a_route_is_taken_out():
    with Upstream() as upstream, Home(providers_of(upstream, Router={"default": "e2e,big-model",
                                                                     "think": "e2e,small-model"})) as home:
        with menu(home, NO_COLOR="1") as screen:
            screen.sees("think e2e,small-model")
            screen.type(DOWN + DOWN + ENTER)
            screen.sees("(not set)")
            screen.type("(not" + ENTER)
            screen.sees("Enter changes a route")
            screen.type(INTERRUPT)
            equal(screen.ends(), 0, "exit code")
        check("think" not in (home.state / "config.json").read_text(), "it is gone")


@test()
def c11_a_json5_configuration_keeps_its_comments():
    text = ("{\n  // mine\n  Providers: [{name: 'p', api_base_url: 'http://127.0.0.1:9/v1/chat/completions',\n"
            "    models: ['m', 'n']}],\n  Router: {default: 'p,m'}, // why\n}\n")
    with Home(text) as home:
        with menu(home) as screen:
            screen.sees("default p,m")
            screen.type(ENTER)
            screen.sees("default goes to")
            screen.type("p,n" + ENTER)
            screen.sees("default p,n")
            screen.type("q")
            equal(screen.ends(), 0, "exit code")
        equal((home.state / "config.json").read_text(), text.replace("'p,m'", '"p,n"'), "the file")


@test()
def without_a_terminal_it_shows_and_on_a_dumb_one_it_names_the_way_out():
    with Upstream() as upstream, Home(providers_of(upstream)) as home:
        shown = home.run("model")
        equal(shown.returncode, 0, shown.stderr)
        check("e2e,big-model" in shown.stdout, shown.stdout)
        with menu(home, TERM="no-such-terminal") as screen:
            screen.sees("`ccr model set [ROUTE] MODEL`")
            equal(screen.ends(), 1, "exit code")


@test()
def c12_every_change_is_backed_up():
    with Upstream() as upstream, Home(providers_of(upstream)) as home:
        equal(home.run("model", "set", "e2e,small-model").returncode, 0, "exit code")
        equal(len(list(home.state.glob("config.json.*.bak"))), 1, "backups")


@test()
def c13_a_model_is_added_whatever_its_provider_looks_like():
    with Upstream() as upstream, Home(providers_of(upstream)) as home:
        equal(home.run("model", "add", "e2e,third").returncode, 0, "exit code")
        check("e2e,third" in home.run("model", "list").stdout, "it is listed")


@test()
def c14_c15_every_spelling_of_help_and_every_exit_code():
    with Home() as home:
        for spelling in ("help", "--help", "-h", "version", "--version", "-v", "-V"):
            equal(home.run(spelling).returncode, 0, spelling)
        equal(home.run().returncode, 1, "no command")
        equal(home.run("strat").returncode, 1, "an unknown command")
        equal(home.run("config", "get", "--nonsense").returncode, 2, "an unknown option")
