// `permissions` of scripts: what they may use of the machine.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "config/known_keys.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

void tell_wrong(const Reading& reading, const Node& node, std::string_view name,
                std::string_view wanted) {
    reading.report.warn(
        "wrong-type", node.place(),
        fmt::format("{} should be {} but is {}; it grants nothing", name, wanted, node.kind()));
}

// A list of texts, or true for all there is.
void read_grants(const Reading& reading, const Node& node, const std::string& name, bool& all,
                 std::vector<std::string>& some) {
    if (node.is_blank()) return;
    if (const auto flag = node.boolean()) {
        all = *flag;
        return;
    }
    if (!node.is_array()) return tell_wrong(reading, node, name, "a list or true");
    for (const Node& element : node.elements()) {
        const auto text = element.text();
        if (text && !trimmed(*text).empty())
            some.emplace_back(trimmed(*text));
        else
            tell_wrong(reading, element, "an entry of " + name, "a text");
    }
}

bool read_flag(const Reading& reading, const Node& node, const std::string& name) {
    if (node.is_blank()) return false;
    const auto flag = node.boolean();
    if (!flag) tell_wrong(reading, node, name, "true or false");
    return flag.value_or(false);
}

}  // namespace

std::string absolute_path(const std::string& path, const Reading& reading, const Config& config) {
    const std::filesystem::path named = with_home(path, reading.environment);
    if (named.is_absolute()) return named.lexically_normal();
    return (std::filesystem::path(config.file).parent_path() / named).lexically_normal();
}

std::optional<Permissions> read_permissions(const Reading& reading, const Node& node,
                                            std::string_view name, const Config& config) {
    if (!node || node.is_null()) return std::nullopt;
    Permissions out;
    out.everything = false;
    if (!node.is_object()) {
        tell_wrong(reading, node, name, "an object");
        return out;
    }
    check_names(node, kPermissionSection, reading.report);
    const std::string of(name);
    read_grants(reading, node["env"], of + ".env", out.all_env, out.env);
    read_grants(reading, node["files"], of + ".files", out.all_files, out.files);
    for (std::string& file : out.files) {
        file = absolute_path(file, reading, config);
        while (file.size() > 1 && file.back() == '/') file.pop_back();
    }
    for (auto* list : {&out.env, &out.files}) {
        std::ranges::sort(*list);
        list->erase(std::ranges::unique(*list).begin(), list->end());
    }
    out.network = read_flag(reading, node["network"], of + ".network");
    out.processes = read_flag(reading, node["processes"], of + ".processes");
    return out;
}

}  // namespace ccr::config
