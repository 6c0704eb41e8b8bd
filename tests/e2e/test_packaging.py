"""What the GitHub action's steps run, as they are, without GitHub."""

import os
import subprocess

from bed.marks import check, equal, test
from bed.service import ROOT, Home, find_binary
from bed.upstream import Upstream


def told(path):
    """A file of GITHUB_ENV's form as a dictionary."""
    found, lines = {}, iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        name, _, end = line.partition("<<")
        value = []
        while (part := next(lines)) != end:
            value.append(part)
        found[name] = "\n".join(value)
    return found


@test(limit=60)
def the_actions_start_gives_the_next_steps_the_clients_environment():
    with Upstream() as upstream, Home() as home:
        files = {name: home.path / name for name in ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT")}
        for path in files.values():
            path.touch()
        config = """{ PORT: 0, NON_INTERACTIVE_MODE: true, APIKEY: "$OWN_KEY", // the job's
          Providers: [{ name: "e2e", api_base_url: "%s", api_key: "$KEY_OF_JOB", models: ["big-model"] }],
          Router: { default: "e2e,big-model" } }""" % upstream.url("chat")
        env = {**home.env, **{name: str(path) for name, path in files.items()}, "CCR_ACTION_CONFIG": config,
               "CCR_ACTION_BINARY": find_binary(), "KEY_OF_JOB": "sk-of-the-job-012345", "OWN_KEY": "own-key-012345"}
        try:
            done = subprocess.run([ROOT / "packaging/action/start.sh"], env=env, text=True, capture_output=True,
                                  timeout=40, check=False)
            equal(done.returncode, 0, f"exit code; {done.stderr}")
            given = told(files["GITHUB_ENV"])
            check("::add-mask::own-key-012345" in done.stdout, "the key is not masked")
            equal(given["ANTHROPIC_AUTH_TOKEN"], "own-key-012345", "the credential")
            equal(given["CI"], "true", "what NON_INTERACTIVE_MODE says")
            endpoint = given["ANTHROPIC_BASE_URL"]
            check(f"endpoint={endpoint}" in files["GITHUB_OUTPUT"].read_text(encoding="utf-8"), "the output")
            ask = ["curl", "-sS", endpoint + "/v1/messages", "-H", "content-type: application/json", "-H",
                   "x-api-key: own-key-012345", "-d",
                   '{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}']
            answer = subprocess.run(ask, env={"PATH": os.environ["PATH"], "NO_PROXY": "*"}, text=True, capture_output=True,
                                    check=True).stdout
            check("pong" in answer, answer)
            equal(upstream.seen[-1].headers.get("authorization"), "Bearer sk-of-the-job-012345", "the provider's key")
            equal((home.state / "config.json").stat().st_mode & 0o777, 0o600, "mode of the configuration")
        finally:
            home.run("stop")


@test(limit=60)
def without_a_key_of_ccrs_own_no_word_is_masked():
    with Home() as home:
        files = {name: home.path / name for name in ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT")}
        for path in files.values():
            path.touch()
        env = {**home.env, **{name: str(path) for name, path in files.items()}, "CCR_ACTION_CONFIG": "{ PORT: 0 }",
               "CCR_ACTION_BINARY": find_binary()}
        try:
            done = subprocess.run([ROOT / "packaging/action/start.sh"], env=env, text=True, capture_output=True,
                                  timeout=40, check=False)
            equal(done.returncode, 0, f"exit code; {done.stderr}")
            equal(told(files["GITHUB_ENV"])["ANTHROPIC_AUTH_TOKEN"], "test", "the credential")
            check("::add-mask::" not in done.stdout, done.stdout)
        finally:
            home.run("stop")


@test()
def the_actions_cache_is_of_the_sources_it_was_built_from():
    with Home() as home:
        sources = home.path / "sources"
        for name in ("cmake/a.cmake", "packaging/b", "src/c.cpp", "tools/d", "CMakeLists.txt", "CMakePresets.json", "Makefile"):
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            (sources / name).write_text(name, encoding="utf-8")
        hash_now = lambda: subprocess.run([ROOT / "packaging/action/source-hash", sources], text=True, capture_output=True,
                                          check=True).stdout
        before = hash_now()
        equal(len(before.strip()), 64, before)
        equal(hash_now(), before, "once more")
        (sources / "src/c.cpp").write_text("changed", encoding="utf-8")
        check(hash_now() != before, "a changed source has the same hash")
