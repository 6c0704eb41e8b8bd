// WirePatch: one declared edit of a JSON text - set, default, delete, rename, clamp - applied as
// splices, so that every byte no patch names stays the sender's own.
//
// A pointer is RFC 6901 with one addition: `*` stands for every element of an array. Plain values.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"
#include "json/splice.h"

namespace ccr::json {

enum class PatchKind : std::uint8_t {
    set,          // the value becomes `value`; absent objects on the way are made
    set_default,  // as set, but a value that is there stays
    remove,       // the member or element goes
    rename,       // the member is called `value` from now on; nothing when that name is taken
    clamp,        // a number outside least..most becomes the nearer bound
};

/// What else must hold: the value at `pointer` is `value` (raw JSON; "" = any but null).
struct PatchCondition {
    enum class Kind : std::uint8_t { equals, starts_with };  // starts_with: `value` is plain text
    std::string pointer;
    std::string value;
    Kind kind = Kind::equals;
};

struct WirePatch {
    PatchKind kind = PatchKind::set;
    std::string pointer;
    std::string value;  // set, set_default: raw JSON; rename: the new name
    std::optional<double> least, most;
    std::optional<PatchCondition> when;   // pointer from the document's root
    std::optional<PatchCondition> where;  // pointer from the value that is to be edited
};
using Patches = std::vector<WirePatch>;

WirePatch set_value(std::string pointer, std::string json);
WirePatch set_default(std::string pointer, std::string json);
WirePatch remove_value(std::string pointer);
WirePatch rename_member(std::string pointer, std::string name);
WirePatch clamp_most(std::string pointer, double most);

/// "" when `pointer` can be used in a patch; else what is wrong with it.
std::string check_pointer(std::string_view pointer);

/// `text`, a valid document, with the patches applied in order. A patch whose place does not exist
/// does nothing.
std::string apply_patches(std::string text, std::span<const WirePatch> patches);
SplicedText apply_patches(SplicedText text, std::span<const WirePatch> patches);

}  // namespace ccr::json
