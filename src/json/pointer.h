// JSON pointers as text (RFC 6901).
//
// Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace ccr::json {

/// Appends "/" and `name`, in which "~" and "/" are written "~0" and "~1" (section 3).
inline void add_pointer_token(std::string& pointer, std::string_view name) {
    pointer += '/';
    for (const char c : name) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

/// The member `name` of the document's root.
inline std::string pointer_to(std::string_view name) {
    std::string out;
    add_pointer_token(out, name);
    return out;
}

}  // namespace ccr::json
