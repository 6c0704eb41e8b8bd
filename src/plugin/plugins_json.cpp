// What `ccr plugins` and GET /plugins tell.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/sha256.h"
#include "json/writer.h"
#include "plugin/grants.h"
#include "plugin/roster.h"

namespace ccr::plugin {
namespace {

using json::Writer;

/// "" where it cannot be read.
std::string sha256_of_file(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return {};
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return in.bad() ? std::string() : sha256_hex(text);
}

double median_of(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

void write_figures(const HookFigures& figures, Writer& out) {
    const std::vector<double> recent(figures.recent_ms.begin(), figures.recent_ms.end());
    const double calls = static_cast<double>(std::max<std::int64_t>(1, figures.calls));
    out.member("calls", figures.calls).member("failures", figures.failures);
    out.key("total_ms").number(figures.total_ms);
    out.key("mean_ms").number(figures.total_ms / calls);
    out.key("p50_ms").number(median_of(recent));
}

HookFigures sum_of(const RunningScript& script) {
    HookFigures sum;
    for (const auto& [hook, figures] : script.hooks) {
        sum.calls += figures.calls;
        sum.failures += figures.failures;
        sum.total_ms += figures.total_ms;
        sum.recent_ms.insert(sum.recent_ms.end(), figures.recent_ms.begin(),
                             figures.recent_ms.end());
    }
    return sum;
}

void write_running(const RunningScript& script, Writer& out) {
    out.key("loaded").boolean(script.host != 0);
    if (script.loaded_ms > 0)
        out.member("loaded_at", script.loaded_ms).member("loaded_sha256", script.sha256);
    if (script.host != 0) out.member("host", std::int64_t{script.host});
    if (!script.problem.empty()) out.member("problem", script.problem);
    write_figures(sum_of(script), out);
    out.key("hooks").open_object();
    for (const std::string& hook : script.has) {
        if (!script.hooks.contains(hook)) out.key(hook).open_object().close_object();
    }
    for (const auto& [hook, figures] : script.hooks) {
        out.key(hook).open_object();
        write_figures(figures, out);
        out.close_object();
    }
    out.close_object();
    if (script.failed_ms == 0) return;
    out.key("last_failure").open_object().member("hook", script.failed_hook);
    out.member("message", script.failure).member("at", script.failed_ms).close_object();
}

void write_names(std::string_view key, bool all, const std::vector<std::string>& names,
                 Writer& out) {
    out.key(key);
    if (all) {
        out.boolean(true);
        return;
    }
    out.open_array();
    for (const std::string& name : names) out.string(name);
    out.close_array();
}

void write_permissions(const config::Permissions& may, Writer& out) {
    out.member("may_use", describe(may)).key("permissions");
    if (may.everything) {
        out.string("everything");
        return;
    }
    out.open_object();
    write_names("env", may.all_env, may.env, out);
    write_names("files", may.all_files, may.files, out);
    out.key("network").boolean(may.network).key("processes").boolean(may.processes);
    out.close_object();
}

void write_script(std::string_view kind, const std::string& file,
                  const config::Permissions* permissions, const RunningScript* running,
                  Writer& out) {
    out.open_object().member("kind", kind);
    if (running && !running->name.empty()) out.member("name", running->name);
    if (!file.empty()) out.member("file", file).member("sha256", sha256_of_file(file));
    if (permissions) write_permissions(*permissions, out);
    if (running)
        write_running(*running, out);
    else
        out.key("loaded").boolean(false);
    out.close_object();
}

}  // namespace

std::string plugins_json(const config::Config& config, const Roster* roster) {
    std::vector<RunningScript> known = roster ? roster->list() : std::vector<RunningScript>();
    std::string text;
    Writer out(text);
    out.open_object().key("running").boolean(roster != nullptr).key("plugins").open_array();
    const auto write = [&](std::string_view kind, const std::string& file,
                           const config::Permissions& permissions) {
        const std::size_t before = known.size();
        for (const RunningScript& one : known) {
            if (one.kind == kind && one.file == file)
                write_script(kind, file, &permissions, &one, out);
        }
        std::erase_if(
            known, [&](const RunningScript& one) { return one.kind == kind && one.file == file; });
        if (known.size() == before) write_script(kind, file, &permissions, nullptr, out);
    };
    const config::Scripts& scripts = config.scripts;
    if (!scripts.custom_router.empty())
        write("router", scripts.custom_router, scripts.router_permissions);
    for (const config::ScriptFile& script : scripts.transformers)
        write("transformer", script.file, script.permissions);
    // What the configuration no longer names, and what failed before it was known.
    for (const RunningScript& one : known) write_script(one.kind, one.file, nullptr, &one, out);
    out.close_array().close_object();
    return text + "\n";
}

}  // namespace ccr::plugin
