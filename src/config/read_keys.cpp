#include <fmt/format.h>

#include <algorithm>

#include "config/known_keys.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

// The same key twice would be taken for two accounts.
bool is_double(const std::vector<ApiKey>& keys, const ApiKey& one) {
    return std::ranges::any_of(keys, [&](const ApiKey& key) {
        return key.value == one.value && key.command == one.command && key.file == one.file;
    });
}

void leave_out(const Reading& reading, const Node& node, const std::string& title,
               std::string_view why) {
    reading.report.warn("key-left-out", node.place(),
                        fmt::format("{} {}; it is left out", title, why));
}

std::optional<ApiKey> read_one(const Reading& reading, const Node& node, const Listen& own,
                               const std::string& title) {
    ApiKey key;
    Node value = node;
    if (node.is_object()) {
        check_names(node, kApiKeySection, reading.report);
        value = node["key"];
        key.command =
            trimmed(text_of(reading, node["command"], "the command of " + title).value_or(""));
        key.file = with_home(
            std::string(
                trimmed(text_of(reading, node["file"], "the file of " + title).value_or(""))),
            reading.environment);
        if (const auto weight = number_of(reading, node["weight"], "the weight of " + title)) {
            if (*weight > 0)
                key.weight = *weight;
            else
                reading.report.warn("invalid-value", node["weight"].place(),
                                    fmt::format("the weight of {} should be above 0; it counts as "
                                                "1, remove the key to switch it off",
                                                title));
        }
        key.proxy = read_proxy(reading, node["proxy"], "the proxy of " + title, own);
    }
    if (!key.command.empty() || !key.file.empty()) return key;
    key.value = trimmed(text_of(reading, value, title).value_or(""));
    if (!value.unresolved().empty()) {
        const std::string& name = value.unresolved().front();
        leave_out(reading, node, title,
                  fmt::format("names the variable {}, which is not set; export {}=... before the "
                              "start",
                              name, name));
        return std::nullopt;
    }
    if (is_lower_case_reference(key.value)) {
        leave_out(reading, node, title,
                  fmt::format("looks like a variable, but a name with small letters needs braces: "
                              "write ${{{}}}",
                              key.value.substr(1)));
        return std::nullopt;
    }
    if (key.value.empty()) {
        leave_out(reading, node, title, "is empty; write \"$NAME_OF_A_VARIABLE\"");
        return std::nullopt;
    }
    return key;
}

}  // namespace

bool is_lower_case_reference(std::string_view text) {
    if (text.size() < 2 || text[0] != '$' || !(text[1] >= 'a' && text[1] <= 'z')) return false;
    return std::ranges::all_of(text.substr(1), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

std::vector<ApiKey> read_key_list(const Reading& reading, const Node& list, const Listen& own,
                                  const std::string& provider) {
    std::vector<ApiKey> keys;
    std::size_t number = 0;
    for (const Node& node : list.elements()) {
        const std::string title = fmt::format("key {} of provider {}", ++number, provider);
        auto key = read_one(reading, node, own, title);
        if (!key) continue;
        if (is_double(keys, *key))
            leave_out(reading, node, title, "stands in the list already");
        else
            keys.push_back(std::move(*key));
    }
    return keys;
}

void expand_keys(Provider& provider, const std::vector<ApiKey>& keys) {
    if (keys.size() < 2) {
        if (keys.empty()) return;
        provider.key_command = keys.front().command;
        provider.key_file = keys.front().file;
        if (!keys.front().proxy.empty()) provider.proxy = keys.front().proxy;
        return;
    }
    std::vector<Provider> by_key;
    for (const ApiKey& key : keys) {
        Provider& one = by_key.emplace_back(provider);
        one.api_key = key.value;
        one.key_number = by_key.size();
        one.key_weight = key.weight;
        one.key_command = key.command;
        one.key_file = key.file;
        if (!key.proxy.empty()) one.proxy = key.proxy;
    }
    provider.by_key = std::move(by_key);
}

}  // namespace ccr::config
