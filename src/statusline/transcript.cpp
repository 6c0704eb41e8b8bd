#include "statusline/transcript.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "json/document.h"

namespace ccr::statusline {
namespace {

constexpr std::streamoff kFirstRead = 64 * 1024;
constexpr std::streamoff kMostRead = 4 * 1024 * 1024;

std::int64_t count(json::View usage, std::string_view name) {
    return usage[name].integer().value_or(0);
}

std::optional<LastAnswer> answer_in(std::string_view line) {
    // Most lines are of other types and long; a glance is cheaper than an index.
    if (line.find("assistant") == line.npos) return std::nullopt;
    json::Document document;
    const auto root = document.parse(line);
    if (!root || !(*root)["type"].text().equals("assistant")) return std::nullopt;
    const json::View message = (*root)["message"];
    LastAnswer out{message["model"].text().decode(), 0, 0};
    // What the client made itself, such as a message of an error, and what a subagent said.
    const bool is_answer = !out.model.empty() && out.model != "<synthetic>";
    if (!is_answer || (*root)["isSidechain"].boolean().value_or(false)) return std::nullopt;
    const json::View usage = message["usage"];
    out.input = count(usage, "input_tokens") + count(usage, "cache_creation_input_tokens") +
                count(usage, "cache_read_input_tokens");
    out.output = count(usage, "output_tokens");
    return out;
}

// Lines of `text` from its end on; its first may be cut.
std::optional<LastAnswer> search(std::string_view text) {
    while (!text.empty()) {
        const std::size_t before = text.rfind('\n');
        const std::string_view line = before == text.npos ? text : text.substr(before + 1);
        if (auto found = answer_in(line)) return found;
        if (before == text.npos) break;
        text = text.substr(0, before);
    }
    return std::nullopt;
}

}  // namespace

std::optional<LastAnswer> last_answer(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) return std::nullopt;
    const std::streamoff size = file.tellg();
    for (std::streamoff wanted = kFirstRead;; wanted *= 4) {
        const std::streamoff taken = std::min({wanted, size, kMostRead});
        std::string text(static_cast<std::size_t>(std::max<std::streamoff>(taken, 0)), '\0');
        file.seekg(size - taken);
        if (!file.read(text.data(), taken)) return std::nullopt;
        if (auto found = search(text)) return found;
        if (taken == size || taken == kMostRead) return std::nullopt;
    }
}

}  // namespace ccr::statusline
