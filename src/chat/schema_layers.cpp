#include "chat/schema_layers.h"

#include <algorithm>
#include <charconv>

namespace ccr::chat {
namespace {

using json::View;

constexpr std::size_t kMostLayers = 64;

// One token of a JSON pointer, unescaped (RFC 6901, section 4).
std::string pointer_token(std::string_view token) {
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1'))
            out += token[++i] == '0' ? '~' : '/';
        else
            out += token[i];
    }
    return out;
}

View element_at(View array, std::string_view digits) {
    std::size_t wanted = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), wanted);
    if (error != std::errc() || end != digits.data() + digits.size()) return {};
    for (const View element : array.elements()) {
        if (wanted-- == 0) return element;
    }
    return {};
}

// "#/$defs/Name"; only references within the document lead anywhere.
View target_of(View root, const std::string& reference) {
    if (!reference.starts_with('#')) return {};
    std::string_view rest = std::string_view(reference).substr(1);
    View at = root;
    while (!rest.empty() && at) {
        if (rest.front() != '/') return {};
        rest.remove_prefix(1);
        const std::string token = pointer_token(rest.substr(0, rest.find('/')));
        rest = rest.find('/') == std::string_view::npos ? std::string_view()
                                                        : rest.substr(rest.find('/'));
        at = at.is_array() ? element_at(at, token) : at[token];
    }
    return at;
}

}  // namespace

SchemaLayers::SchemaLayers(View root, View schema, std::vector<std::uint32_t>& open) {
    add(root, schema, open);
}

void SchemaLayers::add(View root, View schema, std::vector<std::uint32_t>& open) {
    if (!schema.is_object() || layers_.size() >= kMostLayers) return;
    layers_.push_back(schema);
    if (const View reference = schema["$ref"]; reference.is_string()) {
        const View target = target_of(root, reference.text().decode());
        if (!target) {
            dangling_ = true;
        } else if (std::ranges::find(open, target.begin()) != open.end()) {
            recursive_ = true;
        } else {
            open.push_back(target.begin());
            add(root, target, open);
        }
    }
    for (const View part : schema["allOf"].elements()) add(root, part, open);
}

View SchemaLayers::get(std::string_view keyword) const {
    for (const View layer : layers_) {
        if (const View value = layer[keyword]) return value;
    }
    return {};
}

}  // namespace ccr::chat
