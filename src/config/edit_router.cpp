#include "config/edit_router.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "config/edit_json5.h"
#include "config/json5.h"
#include "config/node.h"

namespace ccr::config {

Result<std::string> edit_router(std::string text, const std::string& file, std::string_view key,
                                const std::optional<std::string>& value) {
    const bool is_empty = text.find_first_not_of(" \t\r\n") == std::string::npos;
    if (is_empty) text = "{\n}\n";
    TRY(const Document document, parse_json5(text, file));
    const Node root = Node::root_of(document);
    const Node router = root.any_of({"router"});
    if (!root.is_object() || (router && !router.is_object()))
        return fail(
            ErrorKind::config,
            fmt::format("{} has no object where the Router belongs; correct it by hand.", file));
    const KeyPath path = spelled_in(root, {"Router", std::string(key)});
    if (!value) return unset_value(std::move(text), file, path);
    return set_value(std::move(text), file, path, nlohmann::ordered_json(*value).dump());
}

}  // namespace ccr::config
