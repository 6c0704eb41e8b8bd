#include "wire/detail_list.h"

#include <algorithm>

#include "json/writer.h"

namespace ccr::wire {
namespace {

// The members that come in pieces; encrypted data comes whole.
bool is_piecewise(std::string_view key) {
    return key == "text" || key == "summary";
}
bool is_quoted(std::string_view raw) {
    return raw.starts_with('"');
}

}  // namespace

const std::string* DetailList::Entry::find(std::string_view key) const {
    const auto found = std::ranges::find(members, key, &std::pair<std::string, std::string>::first);
    return found == members.end() ? nullptr : &found->second;
}

bool DetailList::Entry::continued_by(const Entry& next) const {
    const auto same = [&](std::string_view key) {
        const std::string* mine = find(key);
        const std::string* theirs = next.find(key);
        return mine && theirs ? *mine == *theirs : !mine && !theirs;
    };
    const auto has_piece = [](const Entry& entry) {
        return entry.find("text") || entry.find("summary");
    };
    const std::string* signature = find("signature");
    const bool sealed = signature && is_quoted(*signature);
    return has_piece(*this) && (has_piece(next) || next.find("signature")) && same("type") &&
           same("index") && !sealed;
}

void DetailList::Entry::merge(const std::string& key, const std::string& value) {
    const auto found = std::ranges::find(members, key, &std::pair<std::string, std::string>::first);
    if (found == members.end()) {
        members.emplace_back(key, value);
    } else if (is_piecewise(key) && is_quoted(found->second) && is_quoted(value)) {
        found->second.pop_back();
        found->second += std::string_view(value).substr(1);
    } else if (value != "null") {
        found->second = value;
    }
}

DetailList::Entry DetailList::entry_of(json::View element) {
    Entry entry;
    if (!element.is_object()) entry.raw = element.raw();
    for (const auto member : element.members()) {
        entry.members.emplace_back(member.key().escaped(), member.value.raw());
    }
    return entry;
}

void DetailList::add(json::View array) {
    bool first = true;
    for (const json::View element : array.elements()) {
        Entry entry = entry_of(element);
        const bool continues = first && !entries_.empty() && entries_.back().continued_by(entry);
        first = false;
        if (!continues) {
            entries_.push_back(std::move(entry));
            continue;
        }
        for (const auto& [key, value] : entry.members) entries_.back().merge(key, value);
    }
}

std::string DetailList::json() const {
    std::string out;
    json::Writer w(out);
    w.open_array();
    for (const Entry& entry : entries_) {
        if (!entry.raw.empty()) {
            w.raw(entry.raw);
            continue;
        }
        w.open_object();
        for (const auto& [key, value] : entry.members) w.key(key).raw(value);
        w.close_object();
    }
    w.close_array();
    return out;
}

}  // namespace ccr::wire
