#include "gateway/session.h"

#include <array>

namespace ccr::gateway {
namespace {

constexpr std::array<std::string_view, 3> kHeaders = {"x-claude-code-session-id", "session-id",
                                                      "x-session-id"};
constexpr std::string_view kOldMark = "_session_";
constexpr std::size_t kLongest = 128;  // an id goes into logs and state; nobody's is longer

std::string bounded(std::string id) {
    return id.size() <= kLongest ? std::move(id) : std::string();
}

std::string session_of_user_id(const std::string& user_id) {
    if (user_id.starts_with('{')) {
        json::Document document;
        const auto root = document.parse(user_id);
        return root ? (*root)["session_id"].text().decode() : std::string();
    }
    const std::size_t mark = user_id.rfind(kOldMark);
    return mark == std::string::npos ? std::string() : user_id.substr(mark + kOldMark.size());
}

}  // namespace

std::string session_of(const net::Headers& headers, json::View body) {
    for (const std::string_view name : kHeaders) {
        if (const auto id = headers.get(name); id && !id->empty()) return bounded(std::string(*id));
    }
    return bounded(session_of_user_id(body["metadata"]["user_id"].text().decode()));
}

}  // namespace ccr::gateway
