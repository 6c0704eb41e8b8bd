// platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON Schema limitations":
// ranges, lengths and patterns are refused, and objects must be closed.
#include "wire/anthropic/schema_rules.h"

#include <array>

namespace ccr::wire::anthropic {
namespace {

constexpr auto kFormats = std::to_array<chat::SchemaFormat>({
    {"string", "date-time"},
    {"string", "time"},
    {"string", "date"},
    {"string", "duration"},
    {"string", "email"},
    {"string", "hostname"},
    {"string", "uri"},
    {"string", "ipv4"},
    {"string", "ipv6"},
    {"string", "uuid"},
});

}  // namespace

const chat::SchemaRules kAnswerRules = {
    .keywords = {},
    .formats = kFormats,
    .closed_objects = true,
    .refused_properties = {},
    .provider = "Messages",
};

}  // namespace ccr::wire::anthropic
