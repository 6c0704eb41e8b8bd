// THE HUB: a conversation in no protocol's words - ordered, open content blocks.
//
// Every wire decodes into it and encodes from it. A field is here only if two protocols have it;
// what one protocol alone knows stays in Extras and is written back only to that protocol.
//
// One thread. Strings are views into the request's own bytes or into `arena`: a Conversation must
// not outlive the body it was decoded from.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/arena.h"
#include "base/protocol.h"
#include "json/text.h"

namespace ccr::chat {

using json::Text;

/// Members that a decoder did not understand, as raw JSON; written back to the same protocol only.
struct Extras {
    Protocol from = Protocol::anthropic;
    std::vector<std::pair<Text, std::string_view>> members;
};

/// Which protocol, provider and reply field a piece of reasoning came from; a seal is replayed only
/// there.
struct Provenance {
    Protocol protocol = Protocol::anthropic;
    Text provider;  // empty: the protocol's own vendor, or unknown
    Text field;  // chat dialects name reasoning differently: reasoning_content, reasoning, thinking
};

struct Prose {
    Text text;
};

enum class MediaKind : std::uint8_t { image, document, audio };
enum class MediaSource : std::uint8_t { base64, url, plain_text, file_id };

struct Media {
    MediaKind kind = MediaKind::image;
    MediaSource source = MediaSource::base64;
    Text media_type;  // "image/png"; may be empty for url
    Text data;        // base64 text, URL, plain text or file id
    Text title;       // file name or title; may be empty
};

struct ToolCall {
    Text id;
    Text name;
    std::string_view arguments;  // a JSON object as raw text
};

struct Reasoning {
    Text text;
    Text seal;              // signature or encrypted blob that the maker wants back unchanged
    bool redacted = false;  // nothing but the seal
    Provenance from;
    std::string_view
        details;  // raw JSON array of a chat provider's `reasoning_details`, if it sent one
};

struct SearchHit {
    Text url;
    Text title;
};
/// A web search that the provider ran: the query, where known, and what it found.
struct WebSearch {
    Text id;
    Text query;
    std::vector<SearchHit> hits;
};

/// Understood by nobody but its protocol. `stand_in` is what another protocol may be told instead.
struct Opaque {
    Protocol from = Protocol::anthropic;
    Text type;
    std::string_view raw;
    Text stand_in;
};

struct Part;
struct ToolResult {
    Text call_id;
    std::vector<Part> content;
    bool is_error = false;
};

struct Part {
    std::variant<Prose, Media, ToolCall, ToolResult, Reasoning, WebSearch, Opaque> body;
    std::string_view cache;  // raw cache mark, empty = none
    Extras extras;

    template <typename T>
    const T* as() const {
        return std::get_if<T>(&body);
    }
};

enum class Role : std::uint8_t { system, user, assistant };

/// One turn. The system prompt is a first turn of role system; later system turns may stand
/// anywhere.
struct Turn {
    Role role = Role::user;
    std::vector<Part> parts;
    Extras extras;
};

/// A tool the model may call. A tool that the provider itself runs is kept as raw JSON.
struct Tool {
    Text name;
    Text description;
    std::string_view schema;  // JSON Schema of the arguments, raw; empty = none given
    std::optional<bool> strict;
    std::string_view cache;
    bool placeholder = false;  // stands for deferred tools; never callable
    Text server_type;          // not empty: run by the provider of protocol extras.from
    std::string_view raw;      // the whole tool as received, where it is more than a function
    Extras extras;
};

enum class ToolMode : std::uint8_t { automatic, required, none, named };
struct ToolChoice {
    ToolMode mode = ToolMode::automatic;
    Text name;                     // for named
    std::optional<bool> parallel;  // whether several calls per turn are allowed
};

/// How hard to think, in steps that every protocol's scale maps onto.
enum class Effort : std::uint8_t { none, minimal, low, medium, high, xhigh, max };

struct Thinking {
    enum class Mode : std::uint8_t { off, adaptive, budget };
    Mode mode = Mode::adaptive;
    std::int64_t budget_tokens = 0;  // for budget
    Text display;                    // "omitted", "summarized"; empty = the provider's default
};

struct Sampling {
    std::optional<std::int64_t> max_tokens;
    std::optional<double> temperature, top_p;
    std::optional<std::int64_t> top_k;
    std::vector<Text> stop;
};

/// What the answer must look like: free text, any JSON object, or JSON after a schema.
struct AnswerFormat {
    bool json = false;
    std::string_view schema;  // raw; empty = any object
    Text name;
    std::optional<bool> strict;
};

struct Conversation {
    Text model;
    std::vector<Turn> turns;
    std::vector<Tool> tools;
    std::optional<ToolChoice> tool_choice;
    Sampling sampling;
    std::optional<Thinking> thinking;
    std::optional<Effort> effort;
    std::optional<AnswerFormat> format;
    Text verbosity;  // how long answers shall be: "low", "medium", "high"; empty = not asked
    Text user_id;    // metadata that names the end user
    bool stream = false;
    Extras extras;
    std::size_t source_bytes = 0;  // size of the body it was decoded from: a hint for encoders
    Arena arena;                   // owns what decoding had to make
};

std::string_view name_of(Effort effort);
std::optional<Effort> effort_of(Text name);
/// The effort that a thinking budget stands for: up to 1024 tokens low, up to 8192 medium, else
/// high.
Effort effort_of_budget(std::int64_t tokens);

}  // namespace ccr::chat
