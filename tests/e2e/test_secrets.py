"""Keys from commands and files, and where keys must not be: memory images, command lines, errors, files."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from bed.marks import Skipped, check, equal, test, until
from bed.service import Service, find_binary, free_port, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

SECRET = "sk-fetched-e2e-9876543210abcdef"
NOBODY = 65534
PEEK = """
import re, sys
pid = sys.argv[1]
found = 0
try:
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            start, end, mode = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\\S+)", line).groups()
            if not mode.startswith("rw"):
                continue
            try:
                memory.seek(int(start, 16))
                found += memory.read(int(end, 16) - int(start, 16)).count(sys.argv[2][::-1].encode())
            except (OSError, ValueError, OverflowError):
                pass
except PermissionError:
    print("refused")
    sys.exit()
print(found)
"""


def with_source(upstream, **source):
    config = providers_of(upstream)
    del config["Providers"][0]["api_key"]
    config["Providers"][0].update(source)
    return config


def sent_key(upstream):
    return upstream.seen[-1].headers.get("authorization")


def command_lines():
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:
            pass


@test()
def a_key_from_a_command():
    with Upstream() as upstream, Service({"PORT": 0}) as service:
        (service.path / "vault").write_text(SECRET + "\n", encoding="ascii")
        (service.path / "vault").chmod(0o600)
        service.write_config(with_source(upstream, api_key_command=f"echo noise of {SECRET} >&2; cat {service.path}/vault"))
        until(lambda: service.ask().status == 200 and upstream.seen, "the reload")
        equal(sent_key(upstream), f"Bearer {SECRET}", "the key that was sent")
        check(not any(SECRET.encode() in line for line in command_lines()), "the key is on a command line")
        environment = pathlib.Path(f"/proc/{service.process.pid}/environ").read_bytes()
        check(SECRET.encode() not in environment, "the key is in the environment")
        written = {name: text for name, text in service.written().items() if name != "vault"}
        check(not [name for name, text in written.items() if SECRET in text], "the key was written somewhere")
    return "sent to the provider, and nowhere else"


@test()
def a_key_from_a_file():
    with tempfile.NamedTemporaryFile("w", suffix=".key", encoding="ascii") as key, Upstream() as upstream:
        key.write(SECRET + "\n")
        key.flush()
        with Service(with_source(upstream, api_key_file=key.name)) as service:
            equal(service.ask().text, "pong", "the answer")
            equal(sent_key(upstream), f"Bearer {SECRET}", "the key that was sent")
            check(SECRET not in service.log_text() + service.output_text(), "the key is in a log")


@test(limit=60)
def a_key_that_cannot_be_had_is_told():
    wrong = {"exit code 3": {"api_key_command": f"echo {SECRET}; exit 3"}, "gave no key": {"api_key_command": "true"},
             "more than one line": {"api_key_command": f"echo a; echo {SECRET}"},
             "does not exist": {"api_key_file": "/nowhere/key"}}
    for wanted, source in wrong.items():
        with Upstream() as upstream, Service(with_source(upstream, **source)) as service:
            answer = service.ask()
            check(answer.status >= 400 and wanted in answer.body.decode(), f"{wanted}: {answer.body}")
            told = answer.body.decode() + service.log_text() + service.output_text()
            check("sk-fetched" not in told, f"{wanted}: what the command printed is told")
            equal(upstream.seen, [], "requests to the provider")


@test()
def a_refused_key_is_fetched_again():
    """Keys that a command prints may end: the request that is refused is sent again with the next one."""
    good = [SECRET]

    def answer(seen):
        return Turn(text="pong") if good[0] in seen.headers["authorization"] else Turn(status=401, kind="authentication_error")

    with Upstream(answer) as upstream, Service({"PORT": 0}) as service:
        vault, runs = service.path / "vault", service.path / "runs"
        vault.write_text(SECRET, encoding="ascii")
        service.write_config(with_source(upstream, api_key_command=f"echo run >> {runs}; cat {vault}"))
        until(lambda: service.ask().status == 200 and upstream.seen, "the reload")
        for turn, stream in enumerate((False, True)):
            good[0] = f"{SECRET}-{turn}"
            vault.write_text(good[0], encoding="ascii")
            time.sleep(0 if turn == 0 else 10.1)  # a key is fetched every ten seconds at most
            upstream.seen.clear()
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                texts = list(pool.map(lambda _: service.ask(stream=stream).text, range(8)))
            equal(texts, ["pong"] * 8, f"answers, streamed: {stream}")
        equal(runs.read_text(encoding="ascii").count("run"), 3, "how often the command ran")
        good[0] = "nobody has it"
        equal([service.ask().status for _ in range(3)], [401] * 3, "with no other key")
        equal(runs.read_text(encoding="ascii").count("run"), 3, "how often it ran for keys that stay refused")
        told = service.log_text() + service.output_text()
        check(SECRET not in told, "a key is in a log")


@test()
def a_list_of_keys_has_some_from_elsewhere():
    with Upstream() as upstream, tempfile.NamedTemporaryFile("w", suffix=".key", encoding="ascii") as key:
        key.write(f"{SECRET}-file\n")
        key.flush()
        keys = [{"command": f"echo {SECRET}-command", "weight": 2}, {"file": key.name}, "sk-plain-0123456789", {"command": "exit 9"}]
        with Service(with_source(upstream, api_key=keys)) as service:
            for session in range(40):
                service.ask(headers={"x-claude-code-session-id": f"session-{session}"})
            used = {seen.headers["authorization"].removeprefix("Bearer ") for seen in upstream.seen}
            equal(used, {f"{SECRET}-command", f"{SECRET}-file", "sk-plain-0123456789"}, "keys in use")
            status = json.loads(service.run("status", "--json", "--port", str(service.port)).stdout)
            check(any("exit code 9" in f["message"] for f in status["findings"]), "the key that cannot be had is not told of")


@test()
def commands_that_serve_nothing_fetch_no_key():
    with Upstream() as upstream, Service({"PORT": 0}) as service:
        mark = service.path / "ran"
        service.stop()
        service.write_config(with_source(upstream, api_key_command=f"echo x >> {mark}; echo {SECRET}", PORT=free_port()))
        for command in (["status"], ["activate"], ["stop"]):
            equal(service.run(*command).returncode, 0, command)
        check(not mark.exists(), "the command ran")
        service.arguments = ()
        service.start()
        service.run("status")
        equal(mark.read_text(encoding="ascii"), "x\n", "how often it ran for a service and its status")


def start_as_nobody(home, upstream, allow):
    config = with_source(upstream, api_key_command="rev " + str(home / "key"))
    (home / ".claude-code-router").mkdir(exist_ok=True)
    (home / ".claude-code-router/config.json").write_text(json.dumps({**config, "PORT": 0}), encoding="ascii")
    (home / "key").write_text(SECRET[::-1], encoding="ascii")
    for path in (home, home / ".claude-code-router", home / ".claude-code-router/config.json", home / "key"):
        os.chown(path, NOBODY, NOBODY)
    env = {"PATH": os.environ["PATH"], "HOME": str(home), **({"CCR_ALLOW_DUMPS": "1"} if allow else {})}
    try:
        return subprocess.Popen([find_binary(), "start"], env=env, cwd=home, user=NOBODY, group=NOBODY, extra_groups=[],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except PermissionError:
        raise Skipped("another user cannot run this binary") from None


def peek_as_nobody(pid):
    python = next((path for path in ("/usr/bin/python3", sys.executable) if os.path.exists(path)))
    return subprocess.run([python, "-c", PEEK, str(pid), SECRET[::-1]], user=NOBODY, group=NOBODY, extra_groups=[],
                          capture_output=True, text=True, check=False, timeout=20).stdout.strip()


@test()
def a_core_dump_has_no_keys():
    """Neither the system nor a debugger of the same user gets an image of the memory; with CCR_ALLOW_DUMPS=1 both would."""
    if os.geteuid() != 0:
        raise Skipped("only root can become another user, and root may read all memory")
    for allow in (True, False):
        with Upstream() as upstream, tempfile.TemporaryDirectory() as directory:
            process = start_as_nobody(pathlib.Path(directory), upstream, allow)
            try:
                line = next((text for text in process.stdout if "endpoint" in text or "rror" in text or "annot" in text), "")
                check("endpoint" in line, f"it did not start: {line}")
                limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
                core = next(text for text in limits.splitlines() if "core file" in text).split()[4]
                seen = peek_as_nobody(process.pid)
                if allow:
                    check(seen.isdigit() and int(seen) > 0, f"the key is not found where it must be: {seen!r}")
                else:
                    equal(seen, "refused", "what the same user reads of the memory")
                    equal(core, "0", "the limit of core files")
                    image = subprocess.run(["gcore", "-o", f"{directory}/core", str(process.pid)], user=NOBODY, group=NOBODY,
                                           extra_groups=[], capture_output=True, text=True, check=False, timeout=20)
                    check(not list(pathlib.Path(directory).glob("core*")), f"gcore made an image: {image.stdout}")
            except FileNotFoundError:
                pass  # no gcore here; the memory was refused already
            finally:
                process.terminate()
                process.wait(timeout=10)
    return "refused; readable with CCR_ALLOW_DUMPS=1, which shows that the search finds"
