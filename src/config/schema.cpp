#include "config/schema.h"

#include <algorithm>

#include "config/node.h"

namespace ccr::config {
namespace {

bool is_named(const Key& key, std::string_view name, std::string_view folded_name) {
    if (key.name == name || std::ranges::find(key.also, name) != key.also.end()) return true;
    const auto is_same = [&](std::string_view known) { return folded(known) == folded_name; };
    return key.any_spelling && (is_same(key.name) || std::ranges::any_of(key.also, is_same));
}

void add(const Section& section, std::vector<const Section*>& out) {
    if (std::ranges::find(out, &section) != out.end()) return;
    out.push_back(&section);
    for (const Key& key : section.keys) {
        if (key.members) add(*key.members, out);
        for (const Section* part : key.parts) add(*part, out);
    }
    if (section.others && section.others->members) add(*section.others->members, out);
}

}  // namespace

std::vector<const Section*> all_sections() {
    std::vector<const Section*> out;
    add(kTopSection, out);
    return out;
}

const Key* find_key(const Section& section, std::string_view name) {
    const std::string folded_name = folded(name);
    const auto found = std::ranges::find_if(
        section.keys, [&](const Key& key) { return is_named(key, name, folded_name); });
    return found == section.keys.end() ? nullptr : &*found;
}

std::vector<std::string_view> names_of(const Section& section) {
    std::vector<std::string_view> out;
    for (const Key& key : section.keys) out.push_back(key.name);
    return out;
}

Words words_of(const Section& section, std::string_view name) {
    return find_key(section, name)->words;
}

}  // namespace ccr::config
