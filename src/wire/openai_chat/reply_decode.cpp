// Complete answers (docs: API reference, "The chat completion object").
#include <fmt/format.h>

#include "chat/fold.h"
#include "wire/openai_chat/choice_reader.h"
#include "wire/openai_chat/provider_side.h"
#include "wire/openai_error.h"

namespace ccr::wire::openai_chat {

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
    if (const View error = openai_error_in(*root)) {
        return std::unexpected(decode_openai_error_object(error, 502, target));
    }
    const View choices = (*root)["choices"];
    if (!choices.is_array() || !choices.has_elements()) return broken("has no choices");
    const View choice = *choices.elements().begin();
    if (const View error = openai_error_in(choice)) {
        return std::unexpected(decode_openai_error_object(error, 502, target));
    }
    if (!choice["message"].is_object()) return broken("has no message");

    chat::Fold fold;
    chat::Events events;
    ChoiceReader reader(target.provider);
    events.emplace_back(chat::Started{(*root)["id"].text(), (*root)["model"].text(), {}});
    reader.read(choice["message"], events);
    reader.read_found(*root);
    reader.read_finish(choice);
    if (!reader.failure().empty()) return std::unexpected(failed_finish(reader.failure(), target));
    const chat::Finished finished = reader.finish(events);
    events.emplace_back(chat::UsageReport{decode_usage((*root)["usage"])});
    events.emplace_back(finished);
    for (const chat::StreamEvent& event : events) fold.feed(event);
    return fold.take();
}

}  // namespace ccr::wire::openai_chat
