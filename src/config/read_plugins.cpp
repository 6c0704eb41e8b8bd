// `plugins`: the list, and which of its entries is ours to read.
#include <fmt/format.h>

#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

constexpr std::string_view kTokenSpeed = "token-speed";

Node list_of_plugins(const Node& root) {
    const Node usual = root["plugins"];
    return usual ? usual : root["Plugins"];
}

void tell_unknown(const Reading& reading, const Node& entry) {
    const auto name = entry["name"].text();
    if (!name) {
        reading.report.warn("wrong-type", entry.place(),
                            "an entry of plugins is {name, enabled, options} with a name, such as "
                            "{name: \"token-speed\", enabled: true}; this one is ignored");
        return;
    }
    const std::string near = nearest(*name, words_of(kPluginSection, "name"));
    reading.report.warn(
        "unknown-plugin", entry["name"].place(),
        fmt::format("there is no plugin \"{}\"; it is ignored{}", *name,
                    near.empty() ? ", the only one is token-speed; JavaScript of your own goes "
                                   "into transformers or CUSTOM_ROUTER_PATH"
                                 : did_you_mean(near)));
}

void read_entry(const Reading& reading, const Node& entry, bool& is_known, Config& config) {
    if (entry["name"].text() != kTokenSpeed) return tell_unknown(reading, entry);
    check_names(entry, kPluginSection, reading.report);
    if (std::exchange(is_known, true))
        reading.report.warn("duplicate-plugin", entry.place(),
                            "token-speed stands more than once among plugins; the last one counts");
    config.token_speed = read_token_speed(reading, entry);
}

}  // namespace

void read_plugins(const Reading& reading, Config& config) {
    const Node list = list_of_plugins(reading.root);
    if (list.is_blank()) return;
    if (!list.is_array()) {
        reading.report.warn("wrong-type", list.place(),
                            fmt::format("plugins should be a list such as [{{name: "
                                        "\"token-speed\", enabled: true}}] but is {}; it is "
                                        "ignored",
                                        list.kind()));
        return;
    }
    bool is_known = false;
    for (const Node& entry : list.elements()) read_entry(reading, entry, is_known, config);
}

void tell_plugins_of_preset(const Reading& reading) {
    const Node list = list_of_plugins(reading.root);
    if (list.is_blank()) return;
    reading.report.note("preset-plugins", list.place(),
                        "plugins of a preset have no effect: those of the service's own "
                        "configuration hear of its requests too");
}

}  // namespace ccr::config
