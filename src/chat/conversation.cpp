#include "chat/conversation.h"

#include <array>

namespace ccr::chat {
namespace {
constexpr std::array<std::string_view, 7> kEffortNames = {"none", "minimal", "low", "medium",
                                                          "high", "xhigh",   "max"};
}

std::string_view name_of(Effort effort) {
    return kEffortNames[static_cast<std::size_t>(effort)];
}

std::optional<Effort> effort_of(Text name) {
    for (std::size_t i = 0; i < kEffortNames.size(); ++i) {
        if (name.equals(kEffortNames[i])) return static_cast<Effort>(i);
    }
    return std::nullopt;
}

Effort effort_of_budget(std::int64_t tokens) {
    if (tokens <= 0) return Effort::none;
    if (tokens <= 1024) return Effort::low;
    return tokens <= 8192 ? Effort::medium : Effort::high;
}

}  // namespace ccr::chat
