#include "wire/openai_responses/tool_shapes.h"

#include <fmt/format.h>

#include "json/utf8.h"
#include "wire/openai_responses/names.h"

namespace ccr::wire::openai_responses {

using json::Text;
using json::View;

namespace {

constexpr std::size_t kHashDigits = 8;

// FNV-1a: the same name in every process, so that a conversation can move between them.
std::uint32_t hash_of(std::string_view text) {
    std::uint32_t hash = 2'166'136'261u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619u;
    return hash;
}

}  // namespace

std::string flat_name(std::string_view space, std::string_view name) {
    if (space.empty()) return std::string(name);
    std::string flat = fmt::format("{}__{}", space, name);
    if (flat.size() <= kLongestName) return flat;
    const std::string_view head = json::utf8_prefix(flat, kLongestName - kHashDigits - 1);
    return fmt::format("{}_{:08x}", head, hash_of(flat));
}

ToolShapes::ToolShapes(const chat::Conversation* asked) {
    if (!asked) return;
    const char* latest = nullptr;  // the functions of a namespace share one text
    for (const chat::Tool& tool : asked->tools) {
        const bool plain = tool.raw.empty() || !tool.server_type.empty();
        if (plain || tool.extras.from != Protocol::openai_responses || tool.raw.data() == latest)
            continue;
        latest = tool.raw.data();
        json::Document document;
        const auto root = document.parse(tool.raw);
        if (root) add(*root, "");
    }
}

void ToolShapes::add(View tool, std::string_view space) {
    const Text type = tool["type"].text();
    std::string name = tool["name"].text().decode();
    if (type.equals("namespace")) {
        for (const View inner : tool["tools"].elements()) add(inner, name);
        return;
    }
    CallShape shape;
    if (type.equals("custom")) shape.kind = CallKind::custom;
    if (type.equals(kToolSearch)) {
        shape.kind = CallKind::tool_search;
        name = kToolSearch;
    }
    std::string flat = flat_name(space, name);
    shape.space = space;
    shape.name = std::move(name);
    shapes_.try_emplace(std::move(flat), std::move(shape));
}

const CallShape* ToolShapes::find(Text flat) const {
    if (shapes_.empty()) return nullptr;
    const auto found = shapes_.find(flat.decode());
    return found == shapes_.end() ? nullptr : &found->second;
}

// Models sometimes name the one argument otherwise, or leave the object away.
std::string input_of_arguments(std::string_view arguments) {
    json::Document document;
    const auto root = document.parse(arguments);
    if (!root) return std::string(arguments);
    if (root->is_string()) return root->text().decode();
    if (const View input = (*root)[kInputArgument]; input.is_string()) return input.text().decode();
    if (root->is_object() && root->size() == 1) {
        const View only = (*root->members().begin()).value;
        if (only.is_string()) return only.text().decode();
    }
    return std::string(root->raw());
}

}  // namespace ccr::wire::openai_responses
