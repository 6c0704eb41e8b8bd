// Complete answers (ai.google.dev/api/generate-content, "GenerateContentResponse").
#include <fmt/format.h>

#include "chat/fold.h"
#include "wire/gemini/names.h"
#include "wire/gemini/provider_side.h"
#include "wire/gemini/response_reader.h"

namespace ccr::wire::gemini {

using json::View;

Result<chat::Reply> decode_reply(std::string_view body, const Target& target) {
    const auto broken = [&](std::string_view why) {
        return fail(ErrorKind::upstream_protocol,
                    fmt::format("The answer {} (provider {}, model {})", why, target.provider,
                                target.model));
    };
    json::Document document;
    const auto root = document.parse(body);
    if (!root || !root->is_object()) return broken("is no JSON object");
    if (const View error = (*root)["error"]; error.is_object() || error.is_string())
        return std::unexpected(decode_error_object(error, 502, target));

    chat::Fold fold;
    chat::Events events;
    ResponseReader reader(target.provider);
    events.emplace_back(
        chat::Started{field(*root, "responseId").text(), field(*root, "modelVersion").text(), {}});
    reader.read(*root, events);
    if (!reader.failure().empty())
        return std::unexpected(failed_finish(reader.failure(), reader.failure_message(), target));
    if (!reader.has_finish() && !(*root)["candidates"].has_elements())
        return broken("has no candidates");
    const chat::Finished finished = reader.finish(events);
    events.emplace_back(finished);
    for (const chat::StreamEvent& event : events) fold.feed(event);
    return fold.take();
}

}  // namespace ccr::wire::gemini
