// Lesson: what a provider's refusal taught about the fields it takes, and how to mend a request.
//
// A 400 or 422 that names a field or a range is turned into a patch of the request's JSON. Only
// fields whose loss can be told in one clause are ever touched (adapt/lesson_fields.cpp): never the
// messages, the model, the tools or the stream. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/protocol.h"
#include "json/document.h"
#include "json/patch.h"

namespace ccr::adapt {

enum class Mend : std::uint8_t {
    leave_out,
    rename,       // to `value`
    at_most,      // `bound`
    at_least,     // `bound`
    use,          // `value` in the place of `refused`, both JSON
    note_images,  // a sentence in the place of every image
};

struct Lesson {
    Mend mend = Mend::leave_out;
    std::vector<std::string> pointers;  // where the field stands; `*` for every element
    std::string value, refused;
    double bound = 0;

    friend bool operator==(const Lesson&, const Lesson&) = default;
};

/// What a refusal with this status and body teaches about `request`, the JSON that was refused.
/// Empty: nothing that can be mended, or nothing that stands in the request.
std::vector<Lesson> lessons_of(int status, std::string_view body, Protocol wire,
                               json::View request);

/// The lesson as edits of a later request; they do nothing where the field is absent.
json::Patches patches_of(const Lesson& lesson);

/// Whether the lesson changes `request` at all.
bool concerns(const Lesson& lesson, json::View request);

/// "temperature", "messages.reasoning_content": what the lesson is about. Two lessons about one
/// field contradict each other.
std::string field_of(const Lesson& lesson);
/// "is left out", "is at most 8192": the clause behind the field.
std::string clause_of(const Lesson& lesson);

std::string to_json(const Lesson& lesson);
/// nullopt when `value` is no lesson of this version, or touches what no lesson may.
std::optional<Lesson> lesson_from(json::View value);

}  // namespace ccr::adapt
