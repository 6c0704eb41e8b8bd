#include "adapt/lesson.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "adapt/lesson_fields.h"
#include "adapt/refusal_wording.h"
#include "json/writer.h"

namespace ccr::adapt {
namespace {

using json::View;
using json::Writer;

constexpr double kLeastAnswer = 256;  // a shorter bound on the answer's length is no model's
constexpr double kStep = 0.01;        // inside an open bound of a real number

constexpr auto kMends = std::to_array<std::string_view>(
    {"leave_out", "rename", "at_most", "at_least", "use", "note_images"});
constexpr auto kEfforts =
    std::to_array<std::string_view>({"none", "minimal", "low", "medium", "high", "xhigh", "max"});
constexpr auto kLengths =
    std::to_array<std::string_view>({"/max_tokens", "/max_completion_tokens", "/max_output_tokens",
                                     "/generationConfig/maxOutputTokens"});
// Names of one thing on the chat wire: which of them a provider takes is its own affair.
constexpr auto kChatLengths =
    std::to_array<std::string_view>({"max_tokens", "max_completion_tokens"});

struct ImagePlace {
    std::string_view pointer, type, note;
};
constexpr std::string_view kNote = "[An image stood here. This model takes none.]";
constexpr auto kImagePlaces = std::to_array<ImagePlace>({
    {"/messages/*/content/*", "image_url", "text"},
    {"/messages/*/content/*", "image", "text"},
    {"/messages/*/content/*/content/*", "image", "text"},
    {"/input/*/content/*", "input_image", "input_text"},
});

template <typename Range>
bool is_among(const Range& range, std::string_view word) {
    return std::ranges::find(range, word) != std::ranges::end(range);
}

bool bounds_an_answer(const std::vector<std::string>& pointers) {
    return std::ranges::any_of(pointers,
                               [](const std::string& p) { return is_among(kLengths, p); });
}

std::optional<Lesson> rename_lesson(const std::vector<std::string>& places, Protocol wire,
                                    const std::optional<std::string>& told, View request) {
    if (wire != Protocol::openai_chat || places.size() != 1) return std::nullopt;
    const std::string name = places.front().substr(1);
    if (!is_among(kChatLengths, name)) return std::nullopt;
    const std::string_view other = name == kChatLengths[0] ? kChatLengths[1] : kChatLengths[0];
    // max_completion_tokens has but one older name; the new one has to be asked for.
    if (name == kChatLengths[0] && told != other) return std::nullopt;
    if (request[other]) return std::nullopt;
    return Lesson{Mend::rename, places, std::string(other), {}, 0};
}

std::optional<Lesson> refusal_lesson(std::string_view named, const Statement& statement,
                                     Protocol wire, View request) {
    std::vector<std::string> places = places_of(named, request);
    if (places.empty()) return std::nullopt;
    if (auto renamed = rename_lesson(places, wire, name_to_use(statement), request)) return renamed;
    std::erase_if(places, [](const std::string& place) { return !may_leave_out(place); });
    if (places.empty()) return std::nullopt;
    return Lesson{Mend::leave_out, std::move(places), {}, {}, 0};
}

// The value taken that is nearest to the refused one, rather less than more.
std::optional<std::string> nearest_effort(std::string_view refused,
                                          const std::vector<std::string>& taken) {
    const auto* const own = std::ranges::find(kEfforts, refused);
    if (own == kEfforts.end()) return std::nullopt;
    for (const auto* at = own; at != kEfforts.begin();) {
        if (is_among(taken, *--at)) return std::string(*at);
    }
    for (const auto* at = own; at != kEfforts.end(); ++at) {
        if (at != own && is_among(taken, *at)) return std::string(*at);
    }
    return std::nullopt;
}

std::optional<Lesson> value_lesson(const Statement& statement, View request) {
    const std::vector<std::string> taken = values_taken(statement);
    if (taken.empty()) return std::nullopt;
    std::vector<std::string> places = places_of(field_bounded(statement), request);
    if (places.size() != 1 || !may_leave_out(places.front())) return std::nullopt;
    const View now = value_at(request, places.front());
    if (!now.is_string() || is_among(taken, now.text().decode())) return std::nullopt;
    if (const auto effort = nearest_effort(now.text().decode(), taken))
        return Lesson{Mend::use, std::move(places), "\"" + *effort + "\"", std::string(now.raw()),
                      0};
    return Lesson{Mend::leave_out, std::move(places), {}, {}, 0};
}

bool is_quoted_effort(std::string_view value) {
    return value.size() > 2 && value.front() == '"' && value.back() == '"' &&
           is_among(kEfforts, value.substr(1, value.size() - 2));
}

double inside(double bound, bool is_exclusive, bool is_whole, double direction) {
    if (!is_exclusive) return bound;
    return bound + direction * (is_whole ? 1 : kStep);
}

std::optional<Lesson> range_lesson(const Statement& statement, View request) {
    const Bounds bounds = bounds_of(statement);
    if (!bounds.least && !bounds.most) return std::nullopt;
    std::vector<std::string> places = places_of(field_bounded(statement), request);
    if (places.size() != 1) return std::nullopt;
    const auto now = value_at(request, places.front()).number();
    if (!now) return std::nullopt;
    const bool is_length = bounds_an_answer(places);
    const bool is_whole = is_length || std::floor(*now) == *now;
    if (bounds.most) {
        const double most = inside(*bounds.most, bounds.most_exclusive, is_length, -1);
        const bool is_plausible = !is_length || most >= kLeastAnswer;
        if (*now > most && is_plausible)
            return Lesson{Mend::at_most, std::move(places), {}, {}, most};
    }
    if (bounds.least) {
        const double least =
            inside(*bounds.least, bounds.least_exclusive, is_whole && is_length, 1);
        if (*now < least) return Lesson{Mend::at_least, std::move(places), {}, {}, least};
    }
    return std::nullopt;
}

bool has_images(View value, int depth) {
    if (depth > 6) return false;
    if (value.is_object()) {
        const View type = value["type"];
        for (const ImagePlace& place : kImagePlaces) {
            if (type.text().equals(place.type)) return true;
        }
        return has_images(value["content"], depth + 1);
    }
    for (const View element : value.elements()) {
        if (has_images(element, depth + 1)) return true;
    }
    return false;
}

bool overlaps(const Lesson& a, const Lesson& b) {
    return std::ranges::any_of(a.pointers,
                               [&](const std::string& p) { return is_among(b.pointers, p); });
}

void add(std::vector<Lesson>& lessons, std::optional<Lesson> lesson) {
    if (!lesson) return;
    const bool is_known = std::ranges::any_of(
        lessons, [&](const Lesson& known) { return known == *lesson || overlaps(known, *lesson); });
    if (!is_known) lessons.push_back(std::move(*lesson));
}

// A number out of range and a value not taken say more than that the field is refused.
void learn(const Statement& statement, Protocol wire, View request, std::vector<Lesson>& lessons) {
    add(lessons, range_lesson(statement, request));
    add(lessons, value_lesson(statement, request));
    for (const std::string& named : refused_fields(statement))
        add(lessons, refusal_lesson(named, statement, wire, request));
    const bool images = refuses_images(statement) &&
                        (has_images(request["messages"], 0) || has_images(request["input"], 0));
    if (images) add(lessons, Lesson{Mend::note_images, {}, {}, {}, 0});
}

// OpenRouter answers 404 where no provider behind it takes a field.
bool may_teach(int status, std::string_view body) {
    return status == 400 || status == 422 ||
           (status == 404 &&
            body.find("No endpoints found that support") != std::string_view::npos);
}

std::string json_number(double value) {
    std::string out;
    if (value == std::floor(value) && std::abs(value) < 1e15)
        Writer(out).integer(static_cast<std::int64_t>(value));
    else
        Writer(out).number(value);
    return out;
}

json::WirePatch patch_of(const Lesson& lesson, const std::string& pointer) {
    json::WirePatch patch;
    patch.pointer = pointer;
    switch (lesson.mend) {
        case Mend::leave_out:
            return json::remove_value(pointer);
        case Mend::rename:
            return json::rename_member(pointer, lesson.value);
        case Mend::at_most:
            return json::clamp_most(pointer, lesson.bound);
        case Mend::at_least:
            patch.kind = json::PatchKind::clamp;
            patch.least = lesson.bound;
            return patch;
        default:
            patch = json::set_value(pointer, lesson.value);
            patch.when = json::PatchCondition{pointer, lesson.refused};
            return patch;
    }
}

json::WirePatch note_patch(const ImagePlace& place) {
    json::WirePatch patch =
        json::set_value(std::string(place.pointer),
                        fmt::format(R"({{"type":"{}","text":"{}"}})", place.note, kNote));
    patch.where = json::PatchCondition{"/type", fmt::format("\"{}\"", place.type)};
    return patch;
}

}  // namespace

std::vector<Lesson> lessons_of(int status, std::string_view body, Protocol wire, View request) {
    std::vector<Lesson> lessons;
    if (!may_teach(status, body)) return lessons;
    for (const Statement& statement : statements_of(body)) learn(statement, wire, request, lessons);
    return lessons;
}

json::Patches patches_of(const Lesson& lesson) {
    json::Patches out;
    if (lesson.mend == Mend::note_images) {
        for (const ImagePlace& place : kImagePlaces) out.push_back(note_patch(place));
    }
    for (const std::string& pointer : lesson.pointers) out.push_back(patch_of(lesson, pointer));
    return out;
}

bool concerns(const Lesson& lesson, View request) {
    if (lesson.mend == Mend::note_images)
        return has_images(request["messages"], 0) || has_images(request["input"], 0);
    return std::ranges::any_of(lesson.pointers, [&](const std::string& pointer) {
        const View now = value_at(request, pointer);
        if (!now) return false;
        const auto number = now.number();
        if (lesson.mend == Mend::at_most) return number && *number > lesson.bound;
        if (lesson.mend == Mend::at_least) return number && *number < lesson.bound;
        return lesson.mend != Mend::use || now.raw() == lesson.refused;
    });
}

std::string field_of(const Lesson& lesson) {
    if (lesson.mend == Mend::note_images) return "images";
    std::string out;
    std::string_view pointer = lesson.pointers.empty() ? std::string_view() : lesson.pointers[0];
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        if (pointer.substr(0, end) != "*") {
            if (!out.empty()) out += '.';
            out += pointer.substr(0, end);
        }
        pointer = pointer.substr(end);
    }
    return out;
}

std::string clause_of(const Lesson& lesson) {
    switch (lesson.mend) {
        case Mend::leave_out:
            return "is left out";
        case Mend::rename:
            return "is sent as " + lesson.value;
        case Mend::at_most:
            return "is at most " + json_number(lesson.bound);
        case Mend::at_least:
            return "is at least " + json_number(lesson.bound);
        case Mend::use:
            return fmt::format("is {} in the place of {}", lesson.value, lesson.refused);
        case Mend::note_images:
            break;
    }
    return "are told of in a sentence";
}

std::string to_json(const Lesson& lesson) {
    std::string out;
    Writer w(out);
    w.open_object().member("mend", kMends[static_cast<std::size_t>(lesson.mend)]);
    w.key("at").open_array();
    for (const std::string& pointer : lesson.pointers) w.string(pointer);
    w.close_array();
    if (!lesson.value.empty()) w.member("value", std::string_view(lesson.value));
    if (!lesson.refused.empty()) w.member("refused", std::string_view(lesson.refused));
    const bool bounded = lesson.mend == Mend::at_most || lesson.mend == Mend::at_least;
    if (bounded) w.member_raw("bound", json_number(lesson.bound));
    w.close_object();
    return out;
}

std::optional<Lesson> lesson_from(View value) {
    Lesson lesson;
    const auto* const mend = std::ranges::find(kMends, value["mend"].text().decode());
    if (mend == kMends.end()) return std::nullopt;
    lesson.mend = static_cast<Mend>(mend - kMends.begin());
    for (const View pointer : value["at"].elements()) {
        lesson.pointers.push_back(pointer.text().decode());
        const std::string& place = lesson.pointers.back();
        if (!may_touch(place) || (lesson.mend == Mend::leave_out && !may_leave_out(place)))
            return std::nullopt;
    }
    if (lesson.pointers.empty() != (lesson.mend == Mend::note_images)) return std::nullopt;
    lesson.value = value["value"].text().decode();
    lesson.refused = value["refused"].text().decode();
    lesson.bound = value["bound"].number().value_or(0);
    if (lesson.mend == Mend::rename && !is_among(kChatLengths, lesson.value)) return std::nullopt;
    if (lesson.mend == Mend::use && !is_quoted_effort(lesson.value)) return std::nullopt;
    return lesson;
}

}  // namespace ccr::adapt
