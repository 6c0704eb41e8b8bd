#include "wire/call_arguments.h"

#include "json/writer.h"

namespace ccr::wire {

using json::Text;
using json::View;

std::string_view object_of_arguments(View arguments, Arena& arena) {
    if (arguments.is_object()) return arguments.raw();
    const Text text = arguments.text();
    if (text.empty()) return "{}";
    const std::string_view plain = text.plain(arena);
    if (plain.find_first_not_of(" \t\r\n") == std::string_view::npos) return "{}";
    json::Document document;
    const auto root = document.parse(plain);
    if (root && root->is_object()) return root->raw();
    std::string wrapped;
    json::Writer(wrapped).open_object().member("arguments", text).close_object();
    return arena.keep(wrapped);
}

}  // namespace ccr::wire
