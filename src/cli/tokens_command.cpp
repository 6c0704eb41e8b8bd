#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/fetch_tokenizer.h"
#include "cli/input.h"
#include "cli/request_shape.h"
#include "config/loader.h"
#include "json/document.h"
#include "json/writer.h"
#include "tokens/choose.h"
#include "wire/codec.h"

namespace ccr::cli {
namespace {

Result<tokens::Choice> by_encoding(const std::string& name) {
    TRY(auto encoding, tokens::encoding_named(name));
    return tokens::Choice{std::make_shared<tokens::Counter>(std::move(encoding), ""),
                          name + ", as asked for"};
}

// For the model that is named, else for the one that Router.default names.
Result<tokens::Choice> by_model(const Options& options, const config::Environment& environment) {
    const std::string file = config::config_path(options.config_file, environment);
    auto config = config::load_config(file, environment);
    if (!config && options.model.empty()) return tokens::choose_counter(nullptr, "");
    if (!config) return std::unexpected(std::move(config).error());
    auto model = config::parse_model_ref(options.model);
    if (!model && options.model.empty()) model = config->routing.fallback_default;
    if (!model) return tokens::choose_counter(nullptr, options.model);
    const config::Provider* const provider = config->find_provider(model->provider);
    if (provider == nullptr && !options.model.empty())
        return fail(ErrorKind::not_found,
                    fmt::format("No provider is named \"{}\" in {}.", model->provider, file));
    return tokens::choose_counter(provider, model->model);
}

Result<chat::Conversation> conversation_of(json::View body) {
    const Protocol protocol = protocol_of_body(body);
    const wire::Codec* const codec = wire::codec_of(protocol);
    if (codec == nullptr)
        return fail(ErrorKind::not_supported,
                    "This version does not read requests of that protocol.");
    return codec->decode_request(body, {});
}

void write_blocks(json::Writer& writer, const std::vector<tokens::BlockCount>& blocks) {
    writer.key("blocks").open_array();
    for (const tokens::BlockCount& block : blocks)
        writer.open_object()
            .member("where", std::string_view(block.where))
            .member("kind", block.kind)
            .member("tokens", block.tokens)
            .close_object();
    writer.close_array();
}

Result<std::string> as_json(const tokens::Choice& choice, const std::string& input) {
    std::string out;
    json::Writer writer(out);
    writer.open_object()
        .member("encoding", std::string_view(choice.counter->encoding_name()))
        .member("why", std::string_view(choice.why));
    json::Document document;
    const auto body = document.parse(input);
    if (!body || !body->is_object()) {
        writer.member("input_tokens", choice.counter->count_text(input)).close_object();
        return out;
    }
    TRY(const chat::Conversation conversation, conversation_of(*body));
    std::vector<tokens::BlockCount> blocks;
    writer.member("input_tokens", choice.counter->count(conversation, blocks));
    write_blocks(writer, blocks);
    writer.close_object();
    return out;
}

Result<std::string> answer(const Options& options, const config::Environment& environment) {
    TRY(const std::string input, read_input(options.file));
    TRY(const tokens::Choice choice,
        options.encoding.empty() ? by_model(options, environment) : by_encoding(options.encoding));
    if (options.json) return as_json(choice, input);
    return std::to_string(choice.counter->count_text(input));
}

}  // namespace

int tokens_command(const Options& options, const config::Environment& environment) {
    if (!options.encoding.empty() && !options.model.empty()) {
        fmt::print(stderr, "ccr tokens: --encoding and --model exclude each other.\n");
        return kUsage;
    }
    if (!options.fetch.empty()) return fetch_tokenizer(options.fetch, options, environment);
    const auto text = answer(options, environment);
    if (!text) return report(text.error());
    fmt::print("{}\n", *text);
    return kDone;
}

}  // namespace ccr::cli
