"""The reference's defects of presets that other tests do not name, each by its number, against this router."""

import json
import pathlib
import stat
import subprocess
import tarfile
import zipfile

from bed.marks import check, equal, test
from bed.service import Home, Service, providers_of
from bed.upstream import Upstream
from test_presets import KEY, git, manifest, model_of, source, write


def left_in(home):
    """What the commands left beside the presets and in the folder for temporary files."""
    folders = (home.state, home.state / "presets", pathlib.Path(home.env["TMPDIR"]))
    return {str(path) for folder in folders if folder.exists() for path in folder.iterdir()}


@test()
def x9_a_manifest_with_comments_is_listed_served_and_told_alike():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        text = "{ // a comment\n" + json.dumps(manifest(upstream, userValues={"key": KEY}))[1:-1] + ",\n}"
        write(service, "shop", text)
        equal([one["id"] for one in json.loads(service.run("preset", "list", "--json").stdout)], ["shop"], "listed")
        check("For the shop" in service.run("preset", "info", "shop").stdout, "told")
        equal(model_of(service, upstream, "/preset/shop/v1/messages"), "shop-big", "served")


@test()
def x12_what_fails_leaves_nothing_behind():
    with Upstream() as upstream, Home(providers_of(upstream)) as home:
        temporary = home.path / "tmp"
        temporary.mkdir()
        home.env["TMPDIR"] = str(temporary)
        folder = source(home, manifest(upstream))
        equal(home.run("preset", "install", str(folder), "--name", "good", "--set", "key=k").returncode, 0, "a good one")
        before = left_in(home)
        archive = home.path / "bad.tar.gz"
        archive.write_bytes(b"no archive at all")
        broken = source(home, {}, "broken")
        (broken / "manifest.json").write_text("{ broken", encoding="utf-8")
        missing = source(home, {"transformers": [{"path": "gone.js"}]}, "missing")
        for what in (archive, broken, missing, "file:///nowhere/at/all", folder):
            failed = home.run("preset", "install", str(what), "--name", "bad" if what != folder else "good")
            equal(failed.returncode, 1, f"install {what}: {failed.stdout}{failed.stderr}")
            equal(left_in(home), before, f"after {what}")


@test()
def x16_archives_reach_no_sibling_and_hold_no_links():
    with Upstream() as upstream, Home(providers_of(upstream)) as home:
        text = json.dumps(manifest(upstream))
        equal(home.run("preset", "install", str(source(home, manifest(upstream))), "--set", "key=k").returncode, 0, "a preset beside")
        installed = home.state / "presets/shop/manifest.json"
        was = installed.read_text()

        def refused(name, members):
            archive = home.path / f"{name}.zip"
            with zipfile.ZipFile(archive, "w") as out:
                out.writestr("manifest.json", text)
                for path, content, mode in members:
                    member = zipfile.ZipInfo(path)
                    member.external_attr = mode << 16
                    out.writestr(member, content)
            done = home.run("preset", "install", str(archive), "--set", "key=k", timeout=90)
            equal(done.returncode, 1, f"{name}: {done.stdout}")
            check(not (home.state / "presets" / name).exists(), f"{name} was installed")
            equal(installed.read_text(), was, f"the preset beside {name}")
            check(not list(home.path.rglob("escaped*")), f"{name} wrote outside")

        refused("up", [("../../shop/manifest.json", "{}", 0o644), ("../escaped.json", "{}", 0o644)])
        refused("sho", [("../shop/manifest.json", "{}", 0o644)])
        refused("linked", [("leak", "/etc/passwd", stat.S_IFLNK | 0o777)])
        refused("large", [(f"part-{i}", b"\0" * (9 << 20), 0o644) for i in range(8)])
        absolute = home.path / "absolute.tar"
        with tarfile.open(absolute, "w") as out:
            member = tarfile.TarInfo(str(home.path / "escaped.json"))
            out.addfile(member)
        equal(home.run("preset", "install", str(absolute)).returncode, 1, "an absolute path")
        check(not (home.path / "escaped.json").exists(), "it wrote outside")


@test()
def x17_where_a_preset_comes_from_is_kept():
    with Upstream() as upstream, Home(providers_of(upstream)) as home:
        folder = source(home, manifest(upstream, repository="https://git.example.com/shop", homepage="https://example.com"))
        git(folder, "init", "--quiet")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", "first")
        for name, where in (("copied", str(folder)), ("cloned", f"file://{folder}")):
            equal(home.run("preset", "install", where, "--name", name, "--set", "key=k").returncode, 0, name)
            kept = json.loads((home.state / "presets" / name / "manifest.json").read_text())
            equal((kept["repository"], kept["homepage"]), ("https://git.example.com/shop", "https://example.com"), name)
            check("https://git.example.com/shop" in home.run("preset", "info", name).stdout, f"info of {name}")


@test()
def x18_answers_that_are_secret_are_private_and_shown_to_nobody():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        done = service.run("preset", "install", str(source(service, manifest(upstream))), "--set", f"key={KEY}")
        equal(done.returncode, 0, done.stderr)
        installed = service.state / "presets/shop/manifest.json"
        check(KEY in installed.read_text(), "the answer is kept")
        equal(stat.S_IMODE(installed.stat().st_mode), 0o600, "who may read it")
        for command in (("info", "shop"), ("info", "shop", "--json"), ("list",), ("list", "--json")):
            check(KEY not in service.run("preset", *command).stdout, f"preset {' '.join(command)} shows it")
        equal(model_of(service, upstream, "/preset/shop/v1/messages"), "shop-big", "it serves")
        for path in ("/api/presets", "/api/presets/shop", "/preset/shop/manifest.json", "/preset/shop/v1/models"):
            check(KEY.encode() not in service.request("GET", path).body, f"{path} shows it")
        check(KEY not in service.log_text(), "it is in a log")
        out = service.path / "out.tar.gz"
        exported = service.run("preset", "export", "again", "--output", str(out))
        equal(exported.returncode, 0, exported.stderr)
        text = subprocess.run(["tar", "-xzOf", str(out)], capture_output=True, text=True, check=True).stdout
        check(KEY not in text, "it is exported")
