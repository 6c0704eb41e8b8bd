// Every decoder on any bytes. The first byte chooses one, the next four say where a stream is cut
// or what is spliced, the rest is what the decoder reads. What comes out must be sound: grammar
// kept, JSON valid, the same for every split. A violation aborts.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "chat/fold.h"
#include "chat/grammar.h"
#include "config/loader.h"
#include "json/splice.h"
#include "json/utf8.h"
#include "wire/codec.h"
#include "wire/seal.h"

namespace {

using namespace ccr;

constexpr wire::Target kTarget{"acme", "acme-1", "https://acme.example/v1", "key", true};
// Generations of Gemini differ in what they take.
constexpr std::string_view kModels[] = {"acme-1", "gemini-2.5-pro", "gemini-2.0-flash"};
constexpr json::Limits kDeep{.depth = 100'000};

struct Input {
    std::array<std::uint8_t, 4> knobs{};
    std::string_view bytes;
};

[[noreturn]] void broken(std::string_view what, std::string_view shown) {
    fmt::print(stderr, "violated: {}\n{}\n", what, shown);
    std::abort();
}

void require(bool holds, std::string_view what, std::string_view shown) {
    if (!holds) broken(what, shown);
}

void require_json(std::string_view text, std::string_view what) {
    json::Document document;
    const auto root = document.parse(text, kDeep);
    if (!root) broken(fmt::format("{} is no JSON: {}", what, root.error().message), text);
}

const wire::Codec& codec(Protocol protocol) {
    return *wire::codec_of(protocol);
}
constexpr Protocol kSpoken[] = {Protocol::anthropic, Protocol::openai_chat,
                                Protocol::openai_responses, Protocol::gemini};

// --- JSON ---

void visit(json::View view) {
    require(view.raw().size() == view.end() - view.begin(), "a view's range is its text",
            view.raw());
    require(json::is_valid_utf8(view.text().decode()), "decoded text is UTF-8", view.raw());
    (void)view.number();
    (void)view.integer();
    (void)view.boolean();
    for (const auto [key, value] : view.members()) {
        require(json::is_valid_utf8(key.text().decode()), "a decoded name is UTF-8", key.raw());
        visit(value);
    }
    for (const json::View element : view.elements()) visit(element);
}

void splice(json::View root, const Input& input) {
    std::vector<json::Splice> splices;
    if (root.is_object()) {
        std::size_t chosen = input.knobs[0];
        for (const auto [key, value] : root.members()) {
            if (chosen-- == 0) json::cut_member(root, key.text().decode(), splices);
        }
        splices.push_back(json::add_member(root, "added", "[]"));
        // Where the one member is cut, the comma before the added one has nothing to follow.
        if (splices.size() == 2 && root.size() == 1) splices.pop_back();
    } else if (root.is_array()) {
        std::vector<bool> keep;
        for (std::size_t i = root.size(); i > 0; --i)
            keep.push_back((input.knobs[i % 4] >> (i % 8)) & 1);
        json::cut_elements(root, keep, splices);
    } else {
        splices.push_back(json::replace(root, "null"));
    }
    require_json(json::apply(root.document_text(), splices), "a spliced text");
}

void run_json(const Input& input) {
    json::Document document;
    const auto root =
        document.parse(input.bytes, {.depth = 200, .unique_root_keys = (input.knobs[1] & 1) != 0});
    if (!root) return;
    visit(*root);
    splice(*root, input);
}

// --- streams ---

void require_client_can_read(const std::string& bytes) {
    net::SseParser parser;
    const auto sink = [](const net::SseMessage& message) {
        if (message.data != "[DONE]") require_json(message.data, "a message to the client");
    };
    parser.feed(bytes, sink);
    require(!parser.pending(), "messages to the client are whole", bytes);
}

class Stream {
  public:
    explicit Stream(Protocol upstream) : decoder_(codec(upstream).open_decoder(kTarget)) {
        for (const Protocol client : kSpoken)
            encoders_.push_back(codec(client).open_encoder({"req_1", 7, "m", true}));
    }
    void feed(std::string_view piece) {
        parser_.feed(piece, [this](const net::SseMessage& message) { on_message(message); });
    }
    /// Everything that the clients got.
    std::string finish() {
        parser_.finish([this](const net::SseMessage& message) { on_message(message); });
        events_.clear();
        decoder_->finish(events_);
        take();
        require(guard_.ended(), "a finished stream has an end", out_);
        require(fold_.finished() != (fold_.failure() != nullptr), "a stream ends one way", out_);
        const chat::Reply reply = fold_.take();
        for (const Protocol client : kSpoken)
            require_json(codec(client).encode_reply(reply, {"req_1", 7, "m", true}),
                         "a folded stream's reply");
        require_client_can_read(out_);
        return std::move(out_);
    }

  private:
    void on_message(const net::SseMessage& message) {
        events_.clear();
        decoder_->feed(message, events_);
        take();
    }
    void take() {
        for (const chat::StreamEvent& event : events_) {
            const std::string why = guard_.check(event);
            require(why.empty(), why, out_);
            fold_.feed(event);
            for (const auto& encoder : encoders_) encoder->feed(event, out_);
        }
    }

    net::SseParser parser_{1u << 20};
    std::unique_ptr<wire::StreamDecoder> decoder_;
    std::vector<std::unique_ptr<wire::StreamEncoder>> encoders_;
    chat::GrammarGuard guard_;
    chat::Fold fold_;
    chat::Events events_;
    std::string out_;
};

// Generated ids differ from run to run, but not in their length.
void run_stream(Protocol upstream, const Input& input) {
    Stream whole(upstream), cut(upstream);
    whole.feed(input.bytes);
    std::string_view rest = input.bytes;
    for (std::size_t i = 0; !rest.empty(); ++i) {
        const std::size_t size = std::min<std::size_t>(rest.size(), 1 + input.knobs[i % 4]);
        cut.feed(rest.substr(0, size));
        rest.remove_prefix(size);
    }
    const std::string a = whole.finish(), b = cut.finish();
    require(a.size() == b.size(), "a split changes nothing", a + "\n---\n" + b);
}

// --- requests, replies, errors ---

void run_request(Protocol client, const Input& input) {
    json::Document document;
    const auto root = document.parse(input.bytes, {.depth = 200, .unique_root_keys = true});
    if (!root) return;
    const auto conversation = codec(client).decode_request(*root, {});
    if (!conversation)
        return require(conversation.error().status == 400, "a bad request is a 400",
                       conversation.error().message);
    wire::Target target = kTarget;
    target.model = kModels[input.knobs[2] % std::size(kModels)];
    for (const Protocol upstream : kSpoken) {
        const wire::Encoded encoded = codec(upstream).encode_request(*conversation, target);
        require_json(encoded.body, "an encoded request");
        json::Document again;
        const auto decoded = codec(upstream).decode_request(*again.parse(encoded.body, kDeep), {});
        const bool empty =
            conversation->turns.empty() ||
            upstream == Protocol::openai_chat;  // Chat refuses a request without messages
        if (!decoded && !empty)
            broken("an encoded request decodes: " + decoded.error().message, encoded.body);
    }
    require_json(codec(client).splice_request(*root, kTarget).body.whole(), "a spliced request");
}

void run_reply(Protocol upstream, const Input& input) {
    auto reply = codec(upstream).decode_reply(input.bytes, kTarget);
    for (const Protocol client : kSpoken) {
        if (!reply)
            require_json(codec(client).encode_error(reply.error(), "req_1"), "an encoded error");
        else
            require_json(codec(client).encode_reply(*reply, {"req_1", 7, "m", true}),
                         "an encoded reply");
    }
    if (!reply) return;
    chat::GrammarGuard guard;
    for (const chat::StreamEvent& event : chat::unfold(*reply)) {
        const std::string why = guard.check(event);
        require(why.empty(), why, input.bytes);
    }
}

void run_error(Protocol upstream, const Input& input) {
    const int status = 400 + (input.knobs[0] + 256 * input.knobs[1]) % 200;
    const Error error = codec(upstream).decode_error(status, input.bytes, kTarget);
    require(error.status >= 400 && error.status < 600, "an error has an error's status",
            std::to_string(error.status));
    for (const Protocol client : kSpoken)
        require_json(codec(client).encode_error(error, "req_1"), "an encoded error");
}

// --- the rest ---

void run_config(const Input& input) {
    const auto environment = [](std::string_view name) -> std::optional<std::string> {
        if (name.size() % 2 == 0) return std::nullopt;
        return "value of " + std::string(name);
    };
    const auto parsed = config::parse_config(input.bytes, "config.json", environment);
    if (parsed)
        require_json(parsed->json, "the configuration as plain JSON");
    else
        require(!parsed.error().message.empty(), "a refusal says why", "");
}

void run_seal(const Input& input) {
    Arena arena;
    chat::Reasoning reasoning;
    const json::Text signature = json::Text::from_plain(input.bytes, arena);
    if (!wire::unpack_seal(signature, reasoning, arena)) return;
    const std::string packed = wire::pack_seal(reasoning.from, reasoning.seal, reasoning.details);
    chat::Reasoning again;
    require(wire::unpack_seal(json::Text::from_escaped(packed), again, arena),
            "a seal packed again unpacks", packed);
    require(again.seal == reasoning.seal && again.from.provider == reasoning.from.provider,
            "... to the same", packed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 5) return 0;
    Input input;
    std::copy(data + 1, data + 5, input.knobs.begin());
    input.bytes = {reinterpret_cast<const char*>(data) + 5, size - 5};
    // Two bits name the protocol, apart from each other so that older inputs keep their meaning.
    const std::size_t named = (data[0] & 1u) | ((data[0] >> 6) & 2u);
    const Protocol protocol = kSpoken[named % std::size(kSpoken)];
    switch (((data[0] & 0x7f) >> 1) % 6) {
        case 0:
            run_stream(protocol, input);
            break;
        case 1:
            run_request(protocol, input);
            break;
        case 2:
            run_reply(protocol, input);
            break;
        case 3:
            run_error(protocol, input);
            break;
        case 4:
            run_json(input);
            break;
        default:
            (data[0] & 1) != 0 ? run_config(input) : run_seal(input);
    }
    return 0;
}
