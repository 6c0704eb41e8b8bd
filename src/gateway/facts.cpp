#include "gateway/facts.h"

#include <fmt/format.h>

#include "gateway/count_answer.h"
#include "route/system_prompt.h"
#include "tokens/estimate.h"

namespace ccr::gateway {
namespace {

Result<void> decode_once(const Address& address, const wire::Codec& client, Question q) {
    if (q.body.empty())
        return fail(ErrorKind::invalid_request,
                    "The request has no body; a JSON object was expected.");
    auto root = q.document.parse(q.body, json::Limits{.unique_root_keys = true});
    if (!root)
        return fail(ErrorKind::invalid_request,
                    fmt::format("The body is not valid JSON: {}.", root.error().message));
    q.root = *root;
    const json::View request =
        address.page == Page::count ? counted_request(client.protocol, q.root) : q.root;
    const wire::Asked asked{address.model, address.stream};
    TRY(q.conversation, client.decode_request(request, asked));
    return {};
}

// A subagent's instructions are what it is.
Result<void> instruct(const Address& address, const wire::Codec& client, Question q,
                      std::string_view instructions) {
    if (client.protocol != Protocol::anthropic || route::is_subagents(q.conversation, q.headers))
        return {};
    auto splice = route::with_instructions(q.conversation, q.body, instructions);
    if (!splice) return {};
    q.body = json::apply(q.body, {*std::move(splice)});
    return decode_once(address, client, q);
}

}  // namespace

Result<std::optional<route::SubagentTag>> decode(const Address& address, const wire::Codec& client,
                                                 Question q, const std::string* instructions) {
    TRY_DO(decode_once(address, client, q));
    if (instructions) {
        TRY_DO(instruct(address, client, q, *instructions));
    }
    route::FoundTags found = route::find_subagent_tags(q.conversation, q.body);
    if (found.splices.empty()) return std::move(found.first);
    q.body = json::apply(q.body, std::move(found.splices));
    TRY_DO(decode_once(address, client, q));
    return std::move(found.first);
}

route::Facts facts_of(const net::Headers& headers, const chat::Conversation& conversation,
                      Protocol client, std::optional<route::SubagentTag> tag,
                      const config::Config& config) {
    route::Facts facts = route::gather(conversation, client, headers, config.routing);
    facts.tag = std::move(tag);
    facts.is_subagent = facts.is_subagent || facts.tag.has_value();
    facts.input_tokens = tokens::estimate(conversation);
    return facts;
}

}  // namespace ccr::gateway
