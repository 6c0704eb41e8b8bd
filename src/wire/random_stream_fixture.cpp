#include "wire/random_stream_fixture.h"

#include <fmt/format.h>

#include "chat/fold.h"
#include "chat/random_chat_fixture.h"
#include "wire/codec.h"

namespace ccr::wire {
namespace {

using json::Random;

// One server's habits, and the stream it writes.
class ChatServer {
  public:
    explicit ChatServer(Random& r)
        : r_(r),
          has_index_(r.chance(0.7)),
          has_id_(r.chance(0.8)),
          repeats_id_(r.chance(0.2)),
          newline_(r.chance(0.2) ? "\r\n" : "\n") {}

    std::string answer() {
        if (r_.chance(0.7)) chunk(R"({"role":"assistant","content":""})");
        for (std::size_t phases = 1 + r_.below(5); phases > 0; --phases) phase();
        const char* reason = r_.pick(std::array{"stop", "length", "tool_calls", "content_filter"});
        const bool with_usage = r_.chance(0.3);
        message(fmt::format(
            R"({{"id":"c1","model":"m","choices":[{{"index":0,"delta":{{}},"finish_reason":"{}"}}]{}}})",
            reason, with_usage ? "," + usage() : ""));
        if (!with_usage && r_.chance(0.7))
            message(fmt::format(R"({{"id":"c1","choices":[],{}}})", usage()));
        if (r_.chance(0.9)) message("[DONE]");
        return std::move(out_);
    }

  private:
    void message(std::string_view data) {
        if (r_.chance(0.1)) out_ += fmt::format(": comment{}{}", newline_, newline_);
        out_ += fmt::format("data:{}{}{}{}", r_.chance(0.9) ? " " : "", data, newline_, newline_);
    }
    void chunk(std::string_view delta) {
        message(fmt::format(
            R"({{"id":"c1","model":"m","choices":[{{"index":0,"delta":{},"finish_reason":null}}]}})",
            delta));
    }
    std::string usage() {
        return fmt::format(
            R"("usage":{{"prompt_tokens":{},"completion_tokens":{},"prompt_tokens_details":{{"cached_tokens":{}}}}})",
            100 + r_.below(900), r_.below(100), r_.below(100));
    }
    void phase() {
        switch (r_.below(5)) {
            case 0:
                return pieces(r_.pick(std::array{"reasoning_content", "reasoning", "thinking"}));
            case 1:
                return details();
            case 2:
                return calls();
            default:
                return pieces("content");
        }
    }
    void pieces(const char* field) {
        for (std::size_t n = 1 + r_.below(4); n > 0; --n)
            chunk(fmt::format(R"({{"{}":"{}"}})", field, json::random_escaped(r_, 8)));
    }
    void details() {
        for (std::size_t n = 1 + r_.below(3); n > 0; --n) {
            chunk(fmt::format(
                R"({{"reasoning_details":[{{"type":"reasoning.text","index":0,"text":"{}"}}]}})",
                json::random_escaped(r_, 4)));
        }
    }

    struct Call {
        std::size_t number;
        std::vector<std::string> rest;  // pieces still to be sent, last first
    };
    void piece_of(Call& call, bool first) {
        std::string text = R"({"tool_calls":[{)";
        if (has_index_) text += fmt::format(R"("index":{},)", call.number);
        if ((first || repeats_id_) && (has_id_ || !has_index_))
            text += fmt::format(R"("id":"call_{}",)", call.number);
        text +=
            first ? fmt::format(R"("type":"function","function":{{"name":"tool_{}","arguments":")",
                                call.number)
                  : R"("function":{"arguments":")";
        if (!call.rest.empty()) {
            json::escape_to(text, call.rest.back());
            call.rest.pop_back();
        }
        chunk(text + R"("}}]})");
    }
    // One or more calls, one after the other or interleaved; only an index tells interleaved pieces
    // apart.
    void calls() {
        std::vector<Call> open;
        for (std::size_t n = 1 + r_.below(3); n > 0; --n)
            open.push_back({next_call_++, argument_pieces()});
        const bool interleaved = has_index_ && r_.chance(0.5);
        if (interleaved) {
            for (Call& call : open) piece_of(call, true);
        }
        for (Call& call : open) {
            if (!interleaved) piece_of(call, true);
            while (!call.rest.empty()) piece_of(interleaved ? open_one(open, call) : call, false);
        }
    }
    Call& open_one(std::vector<Call>& open, Call& fallback) {
        Call& chosen = open[r_.below(open.size())];
        return chosen.rest.empty() ? fallback : chosen;
    }
    std::vector<std::string> argument_pieces() {
        if (r_.chance(0.15)) return {};
        const std::string whole = json::random_container(r_, 2, true);
        const std::size_t step = r_.chance(0.3) ? 1 : 1 + r_.below(12);
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < whole.size();) {
            std::size_t end = std::min(whole.size(), at + step);
            while (end < whole.size() && (static_cast<unsigned char>(whole[end]) & 0xC0) == 0x80)
                ++end;
            pieces.insert(pieces.begin(), whole.substr(at, end - at));
            at = end;
        }
        return pieces;
    }

    Random& r_;
    bool has_index_, has_id_, repeats_id_;
    std::string newline_, out_;
    std::size_t next_call_ = 0;
};

// Blocks that only Messages knows, as its servers send them.
constexpr std::string_view kServerTool =
    "event: content_block_start\ndata: "
    "{\"type\":\"content_block_start\",\"index\":90,\"content_block\":{\"type\":\"server_tool_"
    "use\",\"id\":\"srv\",\"name\":\"x\",\"input\":{}}}\n\n"
    "event: content_block_delta\ndata: "
    "{\"type\":\"content_block_delta\",\"index\":90,\"delta\":{\"type\":\"input_json_delta\","
    "\"partial_json\":\"{}\"}}\n\n"
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":90}\n\n";
constexpr std::string_view kPing = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
constexpr std::string_view kUnknown = "event: novelty\ndata: {\"type\":\"novelty\",\"x\":[1]}\n\n";

}  // namespace

std::string random_chat_stream(Random& r) {
    return ChatServer(r).answer();
}

std::string random_messages_stream(Random& r) {
    chat::Reply reply = chat::random_reply(r);
    const auto encoder = codec_of(Protocol::anthropic)->open_encoder({"req_1", 7, "m", true});
    std::string out;
    bool open = false, started = false;
    for (const chat::StreamEvent& event : chat::unfold(reply)) {
        encoder->feed(event, out);
        started = true;
        open = std::holds_alternative<chat::Opened>(event) ||
               (open && !std::holds_alternative<chat::Closed>(event));
        if (std::holds_alternative<chat::Finished>(event)) break;
        if (started && r.chance(0.1)) out += kPing;
        if (started && r.chance(0.05)) out += kUnknown;
        if (started && !open && r.chance(0.1)) out += kServerTool;
    }
    return out;
}

std::string random_responses_stream(Random& r) {
    chat::Reply reply = chat::random_reply(r);
    const auto encoder =
        codec_of(Protocol::openai_responses)->open_encoder({"req_1", 7, "m", true});
    std::string out;
    for (const chat::StreamEvent& event : chat::unfold(reply)) {
        encoder->feed(event, out);
        if (std::holds_alternative<chat::Finished>(event)) break;
        if (r.chance(0.1)) out += ": keep-alive\n\n";
        if (r.chance(0.1))
            out += "event: response.novelty\ndata: {\"type\":\"response.novelty\",\"x\":[1]}\n\n";
    }
    return out;
}

std::string random_stream(Protocol protocol, Random& r) {
    switch (protocol) {
        case Protocol::anthropic:
            return random_messages_stream(r);
        case Protocol::openai_chat:
            return random_chat_stream(r);
        case Protocol::openai_responses:
            return random_responses_stream(r);
        case Protocol::gemini:
            break;
    }
    return random_gemini_stream(r);
}

}  // namespace ccr::wire
