#include "plugin/roster.h"

#include <algorithm>
#include <chrono>

#include "json/document.h"

namespace ccr::plugin {
namespace {

constexpr std::size_t kRecent = 512;
constexpr std::size_t kMostScripts = 256;  // a name may be made anew with each load

std::int64_t epoch_now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// The process that tells has run the user's code.
bool is_hook(std::string_view name) {
    return name.size() <= 64 && std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

void add(json::View told, HookFigures& figures) {
    figures.calls += told["calls"].integer().value_or(0);
    figures.failures += told["failures"].integer().value_or(0);
    figures.total_ms += told["total_us"].number().value_or(0) / 1000;
    for (const json::View us : told["us"].elements())
        figures.recent_ms.push_back(us.number().value_or(0) / 1000);
    while (figures.recent_ms.size() > kRecent) figures.recent_ms.pop_front();
}

void add(json::View told, RunningScript& script, pid_t host) {
    if (const auto loaded = told["loaded"].integer()) {
        script.loaded_ms = *loaded;
        script.sha256 = told["sha256"].text().decode();
        script.host = host;
        script.has.clear();
        for (const json::View hook : told["has"].elements()) {
            if (std::string name = hook.text().decode(); is_hook(name))
                script.has.push_back(std::move(name));
        }
    }
    if (const json::View problem = told["problem"]) script.problem = problem.text().decode();
    for (const auto& [key, figures] : told["hooks"].members()) {
        const std::string hook = key.text().decode();
        if (!is_hook(hook)) continue;
        add(figures, script.hooks[hook]);
        if (!figures["failure"]) continue;
        script.failed_hook = hook;
        script.failure = figures["failure"].text().decode();
        script.failed_ms = epoch_now_ms();
    }
}

}  // namespace

RunningScript& Roster::entry(std::string_view kind, const std::string& file,
                             const std::string& name) {
    const auto found = std::ranges::find_if(scripts_, [&](const RunningScript& one) {
        return one.kind == kind && one.file == file && (one.name == name || one.name.empty());
    });
    if (found != scripts_.end()) {
        if (found->name.empty()) found->name = name;
        return *found;
    }
    if (scripts_.size() >= kMostScripts) scripts_.erase(scripts_.begin());
    RunningScript& fresh = scripts_.emplace_back();
    fresh.kind = kind;
    fresh.file = file;
    fresh.name = name;
    return fresh;
}

void Roster::hear(std::string_view told, pid_t host) {
    json::Document document;
    const auto root = document.parse(told);
    if (!root) return;
    const std::lock_guard lock(mutex_);
    for (const json::View script : (*root)["scripts"].elements()) {
        const std::string kind = script["kind"].text().decode();
        const std::string file = script["file"].text().decode();
        const std::string name = script["name"].text().decode();
        // A version that cannot be loaded has no name; it is that file's all the same.
        const auto known = std::ranges::find_if(scripts_, [&](const RunningScript& one) {
            return name.empty() && one.kind == kind && one.file == file;
        });
        add(script, known != scripts_.end() ? *known : entry(kind, file, name), host);
    }
}

void Roster::failed(const std::string& plugin, const std::string& hook,
                    const std::string& message) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(scripts_, plugin, &RunningScript::name);
    const std::string_view kind = hook == "router" ? "router" : "transformer";
    RunningScript& script = found != scripts_.end() ? *found : entry(kind, {}, plugin);
    ++script.hooks[hook].failures;
    script.failed_hook = hook;
    script.failure = message;
    script.failed_ms = epoch_now_ms();
}

void Roster::ended(pid_t host) {
    const std::lock_guard lock(mutex_);
    for (RunningScript& script : scripts_) {
        if (script.host == host) script.host = 0;
    }
}

std::vector<RunningScript> Roster::list() const {
    const std::lock_guard lock(mutex_);
    return scripts_;
}

}  // namespace ccr::plugin
