"""The rules can fail: each is shown a tree that breaks it, and near misses that do not."""

import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

GUARD = "// What it is.\n#pragma once\n"
LONG_FUNCTION = "int f() {\n" + "    g();\n" * 61 + "    return 0;\n}\n"

# (test file, rule, tree, does the rule complain)
CASES = [
    ("includes", "every_folder_has_a_rank", {"src/attic/a.cpp": ""}, True),
    ("includes", "folders_include_only_themselves_and_lower_ranks",
     {"src/net/a.cpp": '#include "chat/b.h"\n', "src/chat/b.h": GUARD}, True),
    ("includes", "folders_include_only_themselves_and_lower_ranks",
     {"src/net/a.cpp": '#include "json/b.h"\n', "src/json/b.h": GUARD}, True),
    ("includes", "folders_include_only_themselves_and_lower_ranks",
     {"src/base/a.h": GUARD + '  #  include "cli/b.h"\n', "src/cli/b.h": GUARD}, True),
    ("includes", "folders_include_only_themselves_and_lower_ranks",
     {"src/net/a.cpp": '#include "base/b.h"\n#include "net/c.h"\n', "src/base/b.h": GUARD, "src/net/c.h": GUARD,
      "src/main.cpp": '#include "net/c.h"\n'}, False),
    ("includes", "own_headers_are_included_by_path_from_src", {"src/net/a.cpp": '#include "b.h"\n',
                                                               "src/net/b.h": GUARD}, True),
    ("includes", "protocols_do_not_know_each_other",
     {"src/wire/anthropic/a.cpp": '#include "wire/openai_chat/names.h"\n',
      "src/wire/openai_chat/names.h": GUARD}, True),
    ("includes", "protocols_do_not_know_each_other",
     {"src/wire/anthropic/a.cpp": '#include "wire/codec.h"\n#include "wire/anthropic/n.h"\n',
      "src/wire/codec.h": GUARD, "src/wire/anthropic/n.h": GUARD}, False),
    ("includes", "codecs_perform_no_io",
     {"src/wire/a.cpp": '#include "net/http_client.h"\n', "src/net/http_client.h": GUARD}, True),
    ("includes", "codecs_perform_no_io", {"src/wire/a.cpp": '#include "net/sse.h"\n', "src/net/sse.h": GUARD}, False),
    ("includes", "linux_only_calls_stand_in_linux_files", {"src/net/a.cpp": "#include <sys/epoll.h>\n"}, True),
    ("includes", "linux_only_calls_stand_in_linux_files",
     {"src/cli/a.cpp": "void f() { getsockopt(1, SOL_SOCKET, SO_PEERCRED, 0, 0); }\n"}, True),
    ("includes", "linux_only_calls_stand_in_linux_files",
     {"src/cli/a.cpp": 'const char* kSelf = "/proc/self/exe";\n'}, True),
    ("includes", "linux_only_calls_stand_in_linux_files",
     {"src/net/a_linux.cpp": "#include <sys/epoll.h>\n", "src/net/a_posix.cpp": "// no SO_PEERCRED here\n"}, False),
    ("includes", "every_linux_file_has_its_posix_twin", {"src/net/a_linux.cpp": ""}, True),
    ("includes", "every_linux_file_has_its_posix_twin", {"src/net/a_posix.cpp": ""}, True),
    *[("includes", "no_braced_temporary_in_a_co_await_expression", {"src/net/a.cpp": line + "\n"}, True) for line in (
        'auto x = co_await f(Agg{"a", 1});', "co_await f({.b = 1});", "CO_TRY(int x, co_await f(Agg{}));",
        "co_await asio::async_write(s, Buffers{a,\n   b});", "if (!co_await f(g(1), {})) {}",
        "co_return co_await send(Answer{200});", "co_await f([a] { return 1; }, Agg{1});",
        "co_await Agg{1}.wait();", "co_await f(std::vector<int>{1});")],
    *[("includes", "no_braced_temporary_in_a_co_await_expression", {"src/net/a.cpp": line + "\n"}, False) for line in (
        "Agg a{1}; co_await f(std::move(a));", "if (co_await f(1)) { g(Agg{1}); }",
        "co_await post([a]() mutable -> int { return g(Agg{a}); });", 'co_await f("{", \'{\'); // {',
        "while (co_await next()) {}", "for (auto x = co_await f(); x; x = co_await f()) { g({1}); }",
        'co_await f(R"(a { b)");', "CO_TRY_DO(co_await f(10\'000)); if (a) { b({}); }")],
    *[("includes", "no_co_await_in_a_conditional_expression", {"src/net/a.cpp": line + "\n"}, expected) for line, expected in (
        ("auto x = a ? co_await f() : co_await g();", True), ("auto x = a ? 1 : co_await g();", True),
        ("auto x = a ? co_await f() : 1;", True), ("auto x = a ? 1 : 2; co_await f(x);", False),
        ("auto t = a ? f() : g(); co_await std::move(t);", False))],
    ("includes", "no_capturing_lambda_is_a_coroutine",
     {"src/net/a.cpp": "auto f = [this](int a) -> net::Task<void> { co_return; };\n"}, True),
    ("includes", "no_capturing_lambda_is_a_coroutine",
     {"src/net/a.cpp": "auto f = [](int a) -> net::Task<void> { co_return; };\n"}, False),
    ("includes", "headers_open_with_a_comment_and_a_guard", {"src/net/a.h": "#pragma once\n"}, True),
    ("includes", "headers_open_with_a_comment_and_a_guard", {"src/net/a.h": "// What it is.\n"}, True),
    ("includes", "using_declarations_are_used", {"src/net/a.cpp": "using json::Text;\njson::Text a;\n"}, True),
    ("includes", "using_declarations_are_used", {"src/net/a.cpp": "using json::Text;\nText a;\n"}, False),
    ("includes", "files_are_named_for_what_they_own", {"src/net/string_utils.cpp": ""}, True),
    ("lengths", "files_are_short", {"src/net/a.cpp": "int a;\n" * 501}, True),
    ("lengths", "files_are_short", {"src/net/a.cpp": "int a;\n" * 501, "tools/lengths.allow": "src/net/a.cpp why\n"},
     False),
    ("lengths", "functions_are_short", {"src/net/a.cpp": LONG_FUNCTION}, True),
    ("lengths", "functions_are_short", {"src/net/a.cpp": LONG_FUNCTION,
                                        "tools/lengths.allow": "src/net/a.cpp:f why\n"}, False),
    ("lengths", "functions_are_seen", {"src/net/a.cpp": "\n", "src/net/b.cpp": "\n"}, True),
    ("lengths", "every_exception_is_needed_and_has_a_reason",
     {"src/net/a.cpp": "int a;\n" * 501, "tools/lengths.allow": "src/net/a.cpp\n"}, True),
    ("lengths", "every_exception_is_needed_and_has_a_reason",
     {"src/net/a.cpp": "int a;\n", "tools/lengths.allow": "src/net/a.cpp why\n"}, True),
    ("words", "nothing_is_left_unfinished", {"src/net/a.cpp": "// TO" + "DO later\n"}, True),
    ("words", "no_machine_path_is_named", {"README.md": "see /wo" + "rk/main/x\n"}, True),
    ("words", "no_machine_path_is_named", {"README.md": "see src/wo" + "rk/x, http://h/wo" + "rk/, ~/wo" + "rk/x\n"}, False),
    ("words", "no_download_address_is_named", {"a.json": "https://registry.npm" + "js.org/x\n"}, True),
    ("words", "lock_files_record_no_address", {"tests/e2e/package-lock.json": '{"reso' + 'lved": "x"}\n'}, True),
    ("words", "no_real_looking_key_is_in_the_tree", {"src/a.cpp": "AIza" + "a1" * 17 + "b\n"}, True),
]


def rule_fails(test, rule, tree):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in tree.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        run = subprocess.run([sys.executable, str(HERE / f"{test}_test.py")], capture_output=True, text=True,
                             check=False, env={**os.environ, "CCR_TREE": folder})
    if f"FAIL {rule}" in run.stdout:
        return True
    assert f"ok   {rule}" in run.stdout, run.stdout + run.stderr
    return False


def main():
    failed = 0
    for test, rule, tree, complains in CASES:
        if rule_fails(test, rule, tree) != complains:
            failed += 1
            print(f"FAIL {rule}: {'passes' if complains else 'refuses'} {tree}"[:400])
    print(f"{len(CASES) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
