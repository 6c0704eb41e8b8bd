// Lists inside a message: what was not touched keeps its part.
#include <algorithm>

#include "json/writer.h"
#include "plugin/alignment.h"
#include "plugin/meaning.h"
#include "plugin/message_edit.h"

namespace ccr::plugin {
namespace {

using chat::Part;
using json::View;

struct Units {
    std::vector<std::string> meanings;
    std::vector<std::string> kinds;
};

// A text alone means what a list of one text means.
Units units_of(View content) {
    Units out;
    if (content.is_string()) {
        std::string element;
        json::Writer(element)
            .open_object()
            .member("text", std::string_view(content.text().decode()))
            .member("type", "text")
            .close_object();
        out.meanings.push_back(std::move(element));
        out.kinds.emplace_back("text");
    }
    for (const View element : content.is_array() ? content.elements() : View().elements()) {
        out.meanings.push_back(meaning_of(element));
        out.kinds.push_back(element["type"].text().decode());
    }
    return out;
}

// Where the elements go: a new one beside the one before it, the first beside the first that was
// shown, and one that was moved no further ahead than those that it now follows.
std::vector<std::size_t> new_places(const std::vector<Origin>& origins,
                                    const std::vector<std::size_t>& shown, std::size_t first) {
    std::vector<std::size_t> out;
    std::size_t last = shown.empty() ? first : shown.front();
    for (const Origin& origin : origins) {
        if (origin.before) last = std::max(last, shown[*origin.before]);
        out.push_back(last);
    }
    return out;
}

std::size_t last_place(const PlacedParts& parts) {
    return parts.empty() ? 0 : parts.back().place;
}

}  // namespace

void edit_content(const std::vector<Part>& parts, const std::vector<std::size_t>& shown,
                  View before, View after, std::vector<Part> decoded, PlacedParts& out) {
    Units was = units_of(before);
    was.meanings.resize(shown.size());  // "" stands for nothing, too
    was.kinds.resize(shown.size());
    const Units is = units_of(after);
    const auto origins = align(was.meanings, is.meanings, [&](std::size_t i, std::size_t j) {
        return was.kinds[i] == is.kinds[j];
    });
    const auto places = new_places(origins, shown, last_place(out));
    for (std::size_t j = 0; j < origins.size(); ++j) {
        const auto [from, same] = origins[j];
        if (same) {
            out.push_back({places[j], parts[shown[*from]]});
        } else if (j < decoded.size()) {
            // A text alone does not show its mark.
            if (from && after.is_string()) decoded[j].cache = parts[shown[*from]].cache;
            out.push_back({places[j], std::move(decoded[j])});
        }
    }
}

void edit_calls(const std::vector<Part>& parts, const std::vector<std::size_t>& shown, View before,
                View after, std::vector<Part> decoded, PlacedParts& out) {
    std::vector<std::string> was, is, old_ids, new_ids;
    for (const View call : before.elements()) {
        was.push_back(meaning_of(call));
        old_ids.push_back(call["id"].text().decode());
    }
    for (const View call : after.elements()) {
        is.push_back(meaning_of(call));
        new_ids.push_back(call["id"].text().decode());
    }
    const auto origins = align(was, is, [&](std::size_t i, std::size_t j) {
        return !new_ids[j].empty() && old_ids[i] == new_ids[j];
    });
    const auto places = new_places(origins, shown, last_place(out));
    for (std::size_t j = 0; j < origins.size(); ++j) {
        const auto [from, same] = origins[j];
        if (same)
            out.push_back({places[j], parts[shown[*from]]});
        else if (j < decoded.size())
            out.push_back({places[j], std::move(decoded[j])});
    }
}

std::string meaning_of_reasoning(View message) {
    std::string out;
    for (const std::string_view name :
         {"thinking", "reasoning_content", "reasoning", "reasoning_details"})
        out += meaning_of(message[name]) + '\n';
    return out;
}

}  // namespace ccr::plugin
