#include "base/redact_patterns.h"

#include <algorithm>
#include <array>

namespace ccr::redact {
namespace {

enum class Mark : unsigned char { none, token, name };

// Most bytes of a log line are no mark, so one look-up per byte is nearly the whole cost of the
// scan.
constexpr std::array<Mark, 256> kMarks = [] {
    std::array<Mark, 256> marks{};
    for (const char c : {'-', '_', '.', 'z', 'J', 'I', 'B', 'b'})
        marks[static_cast<unsigned char>(c)] = Mark::token;
    for (const char c : {':', '='}) marks[static_cast<unsigned char>(c)] = Mark::name;
    return marks;
}();

Mark mark_of(char c) {
    return kMarks[static_cast<unsigned char>(c)];
}

}  // namespace

void find_patterns(std::string_view text, std::vector<Span>& spans) {
    for (std::size_t at = 0; at < text.size();) {
        const Mark mark = mark_of(text[at]);
        if (mark == Mark::none) {
            ++at;
            continue;
        }
        const auto span = mark == Mark::token ? token_at(text, at) : named_value_at(text, at);
        ++at;
        if (!span || span->begin >= span->end) continue;
        spans.push_back(*span);
        at = std::max(at, span->end);
    }
}

}  // namespace ccr::redact
