#include "store/windows.h"

#include <chrono>

#include "json/document.h"
#include "json/writer.h"
#include "store/state_file.h"

namespace ccr::store {
namespace {

constexpr std::string_view kKind = "window";
constexpr std::size_t kMostBytes = 64u << 20;  // as State has it

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

Record record_of(const std::string& provider, const Window& window) {
    std::string value;
    json::Writer w(value);
    w.open_object();
    if (window.context) w.member("context", *window.context);
    if (window.output) w.member("output", *window.output);
    w.close_object();
    return {std::string(kKind), provider + "\n" + window.model, std::move(value), now_ms()};
}

std::optional<KeptWindow> read(const Record& record) {
    const std::size_t end = record.key.find('\n');
    json::Document document;
    const auto root = document.parse(record.value);
    if (end == std::string::npos || !root) return std::nullopt;
    KeptWindow out{record.key.substr(0, end), {record.key.substr(end + 1), {}, {}}, record.used_at};
    out.window.context = (*root)["context"].integer();
    out.window.output = (*root)["output"].integer();
    return out;
}

void learn(std::span<const KeptWindow> windows, config::Provider& provider) {
    provider.learned.clear();
    for (const KeptWindow& kept : windows) {
        if (kept.provider != provider.name) continue;
        config::Traits traits;
        traits.context_window = kept.window.context;
        traits.max_output = kept.window.output;
        provider.learned.push_back({kept.window.model, traits});
    }
}

}  // namespace

std::vector<KeptWindow> read_windows(const std::string& state_file) {
    std::vector<KeptWindow> out;
    StateFile file(state_file, kMostBytes);
    for (const Record& record : file.read(kKind)) {
        if (auto kept = read(record)) out.push_back(*std::move(kept));
    }
    return out;
}

bool write_windows(const std::string& state_file, const std::string& provider,
                   std::span<const Window> windows) {
    StateFile file(state_file, kMostBytes);
    std::vector<Change> changes;
    for (const Record& old : file.read(kKind)) {
        if (old.key.starts_with(provider + "\n"))
            changes.push_back({Change::Kind::remove, {old.kind, old.key, "", 0}});
    }
    for (const Window& window : windows)
        changes.push_back({Change::Kind::put, record_of(provider, window)});
    return changes.empty() || file.write(changes);
}

void add_windows(std::span<const KeptWindow> windows, config::Config& config) {
    for (config::Provider& provider : config.providers) {
        learn(windows, provider);
        for (config::Provider& with_key : provider.by_key) learn(windows, with_key);
    }
}

}  // namespace ccr::store
