#include "wire/cache_key.h"

#include "json/document.h"
#include "wire/unknown_members.h"

namespace ccr::wire {
namespace {

constexpr std::size_t kLongest = 64;  // API reference, "prompt_cache_key"

// Claude Code names its session inside a JSON text, older ones behind a word.
std::string session_of(json::Text user_id) {
    const std::string text = user_id.decode();
    json::Document document;
    const auto root = document.parse(text);
    if (root && root->is_object()) return (*root)["session_id"].text().decode();
    static constexpr std::string_view kSession = "_session_";
    const std::size_t at = text.rfind(kSession);
    return at == text.npos ? text : text.substr(at + kSession.size());
}

}  // namespace

std::string cache_key_of(const chat::Conversation& conversation) {
    if (cache_marks(conversation) == 0) return "";
    std::string session = session_of(conversation.user_id);
    return session.size() <= kLongest ? session : "";
}

}  // namespace ccr::wire
