"""`ccr service`: the unit and its variables, with a systemctl that only writes down what it is told."""

from bed.marks import check, equal, test
from bed.service import Home

CONFIG = """{ Providers: [{ name: "p", api_base_url: "http://127.0.0.1:9/v1/chat/completions", api_key: "$KEY_OF_P", models: ["m"] },
  { name: "q", api_base_url: "http://127.0.0.1:9/v1/chat/completions", api_key: "${KEY_OF_Q}", models: ["m"] }] }"""


def with_manager(home, status=0):
    """A systemctl on the PATH; what it was told is returned by calling the result."""
    folder = home.path / "bin"
    folder.mkdir()
    told = home.path / "told"
    (folder / "systemctl").write_text(f'#!/bin/sh\necho "$@" >>{told}\necho active\nexit {status}\n', encoding="utf-8")
    (folder / "systemctl").chmod(0o755)
    home.env["PATH"] = f"{folder}:{home.env['PATH']}"
    return lambda: told.read_text(encoding="utf-8").splitlines() if told.exists() else []


def files(home):
    return home.path / ".config/systemd/user/ccr.service", home.path / ".config/ccr.env"


@test()
def a_unit_is_installed_with_the_variables_that_the_configuration_names():
    with Home(CONFIG, env={"KEY_OF_P": 'first "key"', "OTHER": "not named"}) as home:
        told, (unit, variables) = with_manager(home), files(home)
        done = home.run("service", "install")
        equal(done.returncode, 0, done.stderr)
        check("ExecStart=" in unit.read_text(encoding="utf-8") and "/ccr\" start" in unit.read_text(encoding="utf-8"), "the unit")
        equal(variables.read_text(encoding="utf-8"), 'KEY_OF_P="first \\"key\\""\n', "the variables")
        equal(variables.stat().st_mode & 0o777, 0o600, "mode")
        equal(told(), ["--user daemon-reload", "--user enable --now ccr.service"], "systemctl")
        check("first" not in done.stdout + done.stderr, "a key was shown")
        equal(home.run("service", "status").returncode, 0, "status")
        home.env |= {"KEY_OF_Q": "second"}
        del home.env["KEY_OF_P"]
        equal(home.run("service", "install").returncode, 0, "once more")
        equal(variables.read_text(encoding="utf-8"), 'KEY_OF_P="first \\"key\\""\nKEY_OF_Q="second"\n', "the variables")
        equal(home.run("service", "uninstall").returncode, 0, "uninstall")
        check(not unit.exists() and variables.exists(), "what is left")
        equal(home.run("service", "uninstall").returncode, 0, "of nothing")
        equal(home.run("service", "status").returncode, 1, "status of nothing")


@test()
def lines_of_the_variables_file_stay_as_they_were_written():
    text = "# keys\nOTHER='kept as it is' \n\n; old\nKEY_OF_Q='same'\nKEY_OF_P='before'\n"
    with Home(CONFIG, env={"KEY_OF_P": "now", "KEY_OF_Q": "same"}) as home:
        with_manager(home)
        _, variables = files(home)
        variables.parent.mkdir(parents=True, exist_ok=True)
        variables.write_text(text, encoding="utf-8")
        equal(home.run("service", "install").returncode, 0, "install")
        equal(variables.read_text(encoding="utf-8"), text.replace("'before'", '"now"'), "the variables")


@test()
def the_unit_starts_what_the_command_was_asked_for():
    with Home(CONFIG) as home:
        with_manager(home)
        unit, _ = files(home)
        other = home.path / "other.json"
        other.write_text(CONFIG, encoding="utf-8")
        equal(home.run("--port", "4567", "service", "install", "--config", str(other)).returncode, 0, "install")
        text = unit.read_text(encoding="utf-8")
        words = f'"--config" "{other}" "--port" "4567"\n'
        check(f"/ccr\" start {words}" in text and f"/ccr\" restart {words}" in text, text)


@test()
def uninstall_leaves_what_is_not_its_own_and_what_still_runs():
    with Home(CONFIG) as home:
        told = with_manager(home)
        unit, _ = files(home)
        unit.parent.mkdir(parents=True)
        unit.write_text("# mine\n", encoding="utf-8")
        refused = home.run("service", "uninstall")
        equal(refused.returncode, 1, "exit code")
        check("--yes" in refused.stderr and unit.exists() and not told(), refused.stderr)
        equal(home.run("service", "uninstall", "--yes").returncode, 0, "with --yes")
        check(not unit.exists(), "the unit is there")
        equal(home.run("service", "install").returncode, 0, "install")
        manager = home.path / "bin/systemctl"
        manager.write_text("#!/bin/sh\necho no bus >&2\nexit 1\n", encoding="utf-8")
        failed = home.run("service", "uninstall")
        equal(failed.returncode, 1, "where it cannot be stopped")
        check(unit.exists() and "no bus" in failed.stderr and str(unit) in failed.stderr, failed.stderr)
        manager.unlink()
        home.env["PATH"] = str(manager.parent)  # no systemctl at all
        done = home.run("service", "uninstall")
        equal(done.returncode, 0, done.stderr)
        check(not unit.exists() and "no systemctl" in done.stderr, done.stderr)


@test()
def a_unit_of_somebody_elses_stays_and_a_missing_manager_is_told():
    with Home(CONFIG) as home:
        with_manager(home, status=1)
        unit, _ = files(home)
        unit.parent.mkdir(parents=True)
        unit.write_text("# mine\n", encoding="utf-8")
        refused = home.run("service", "install")
        equal(refused.returncode, 1, "exit code")
        check("--yes" in refused.stderr and unit.read_text(encoding="utf-8") == "# mine\n", refused.stderr)
        failed = home.run("service", "install", "--yes")
        equal(failed.returncode, 1, "where systemctl fails")
        check("systemctl --user enable --now ccr" in failed.stderr, failed.stderr)
        check("ExecStart" in unit.read_text(encoding="utf-8"), "the unit is written all the same")
        equal(home.run("service").returncode, 2, "without a subcommand")
