#include "wire/gemini/status_names.h"

#include <array>
#include <utility>

namespace ccr::wire::gemini {
namespace {

// For a status the first name counts.
constexpr auto kNames = std::to_array<std::pair<int, std::string_view>>({
    {400, "INVALID_ARGUMENT"},
    {400, "FAILED_PRECONDITION"},
    {400, "OUT_OF_RANGE"},
    {401, "UNAUTHENTICATED"},
    {403, "PERMISSION_DENIED"},
    {404, "NOT_FOUND"},
    {409, "ABORTED"},
    {409, "ALREADY_EXISTS"},
    {429, "RESOURCE_EXHAUSTED"},
    {499, "CANCELLED"},
    {500, "INTERNAL"},
    {500, "UNKNOWN"},
    {500, "DATA_LOSS"},
    {501, "UNIMPLEMENTED"},
    {503, "UNAVAILABLE"},
    {504, "DEADLINE_EXCEEDED"},
});

}  // namespace

std::string_view status_name(int http_status) {
    for (const auto& [status, name] : kNames) {
        if (status == http_status) return name;
    }
    if (http_status < 500) return "FAILED_PRECONDITION";
    return http_status == 502 ? "UNAVAILABLE" : "INTERNAL";
}

int googles_status(int http_status) {
    return http_status == 529 ? 503 : http_status;
}

int http_status_of(json::Text name) {
    for (const auto& [status, known] : kNames) {
        if (name.equals(known)) return status;
    }
    return 0;
}

}  // namespace ccr::wire::gemini
