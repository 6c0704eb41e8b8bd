// Complete answers (docs: API reference, "The response object").
#include <fmt/format.h>

#include "chat/fold.h"
#include "wire/openai_error.h"
#include "wire/openai_responses/output_reader.h"
#include "wire/openai_responses/provider_side.h"
#include "wire/openai_responses/response_error.h"
#include "wire/openai_responses/response_figures.h"

namespace ccr::wire::openai_responses {

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
    const View response = *root;
    if (is_failure(response) || openai_error_in(response))
        return std::unexpected(error_of_response(response, target));
    const json::Text status = response["status"].text();
    if (status.equals("queued") || status.equals("in_progress")) return broken("is not finished");
    if (!response["output"].is_array()) return broken("has no output");

    chat::Fold fold;
    chat::Events events;
    OutputReader reader(target.provider);
    events.emplace_back(chat::Started{response["id"].text(), response["model"].text(), {}});
    reader.read_output(response["output"], events);
    const chat::Finished finished = reader.finish(stop_reason_of(response), events);
    events.emplace_back(chat::UsageReport{decode_usage(response["usage"])});
    events.emplace_back(finished);
    for (const chat::StreamEvent& event : events) fold.feed(event);
    return fold.take();
}

}  // namespace ccr::wire::openai_responses
