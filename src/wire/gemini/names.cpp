#include "wire/gemini/names.h"

#include <cctype>
#include <string>

namespace ccr::wire::gemini {
namespace {

std::string snake_case(std::string_view camel) {
    std::string out;
    for (const char c : camel) {
        if (std::isupper(static_cast<unsigned char>(c)) != 0) out += '_';
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return out;
}

bool has_upper_case(std::string_view camel) {
    for (const char c : camel) {
        if (std::isupper(static_cast<unsigned char>(c)) != 0) return true;
    }
    return false;
}

}  // namespace

json::View field(json::View object, std::string_view camel) {
    json::View value = object[camel];
    if (!value && has_upper_case(camel)) value = object[snake_case(camel)];
    return value.is_null() ? json::View() : value;
}

bool is_named(json::Text key, std::string_view camel) {
    return key.equals(camel) || (has_upper_case(camel) && key.equals(snake_case(camel)));
}

}  // namespace ccr::wire::gemini
