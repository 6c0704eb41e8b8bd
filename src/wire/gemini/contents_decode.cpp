#include "wire/gemini/contents_decode.h"

#include <fmt/format.h>

#include <deque>

#include "wire/gemini/names.h"
#include "wire/gemini/parts_decode.h"
#include "wire/gemini/signature.h"

namespace ccr::wire::gemini {
namespace {

using chat::Part;
using chat::Reasoning;
using chat::Role;
using chat::Turn;
using json::Text;
using json::View;

class ContentsDecoder {
  public:
    explicit ContentsDecoder(chat::Conversation& c) : c_(c) {}

    Result<void> content(View content, std::size_t index);
    Result<void> system(View instruction);

  private:
    Result<void> part(View part, Turn& turn, const std::string& where);
    void text(View part, Turn& turn);
    void thought(View part, Turn& turn);
    Result<void> call(View part, Turn& turn, const std::string& where);
    Result<void> response(View part, Turn& turn, const std::string& where);
    Result<void> response_content(View response, chat::ToolResult& result,
                                  const std::string& where);
    bool signature(View part, Turn& turn, bool own_too);
    Text answered_id(Text id, Text name);
    Text new_id();

    struct Call {
        Text id, name;
        bool answered = false;
    };
    chat::Conversation& c_;
    std::vector<Call> calls_;
    std::size_t made_ = 0;  // ids
};

Part reasoning_part(const Reasoning& reasoning) {
    Part part;
    part.extras.from = Protocol::gemini;
    part.body = reasoning;
    return part;
}

Part prose_part(Text text) {
    Part part;
    part.extras.from = Protocol::gemini;
    part.body = chat::Prose{text};
    return part;
}

// Thoughts without a signature, at the end of the turn: what a packed one that follows stands for.
void drop_open_thought(Turn& turn) {
    const auto is_open = [](const Part& part) {
        const auto* last = part.as<Reasoning>();
        return last && last->seal.empty() && last->details.empty();
    };
    while (!turn.parts.empty() && is_open(turn.parts.back())) turn.parts.pop_back();
}

// The signature of a part becomes a seal in front of it. Google's own is kept there for calls only
// (`own_too`): elsewhere it stays a member of its part.
bool ContentsDecoder::signature(View part, Turn& turn, bool own_too) {
    const Text value = field(part, "thoughtSignature").text();
    if (value.empty()) return false;
    Reasoning reasoning;
    if (unpack_signature(value, reasoning, c_.arena)) {
        drop_open_thought(turn);
    } else if (own_too) {
        if (value.equals(kUncheckedSignature)) return true;
        reasoning.from.protocol = Protocol::gemini;
        reasoning.seal = value;
    } else {
        return false;
    }
    turn.parts.push_back(reasoning_part(reasoning));
    return true;
}

void ContentsDecoder::thought(View part, Turn& turn) {
    Reasoning reasoning;
    reasoning.text = part["text"].text();
    const Text value = field(part, "thoughtSignature").text();
    const bool packed = unpack_signature(value, reasoning, c_.arena);
    if (packed) {
        drop_open_thought(turn);
    } else {
        reasoning.from.protocol = Protocol::gemini;
        reasoning.seal = value;
        if (!value.empty()) reasoning.from.field = Text::from_escaped(kOnThought);
    }
    // The text of a thought that was packed travels in the signature, or stands here.
    if (packed && reasoning.text.empty()) reasoning.text = part["text"].text();
    if (!reasoning.text.empty() || !reasoning.seal.empty())
        turn.parts.push_back(reasoning_part(reasoning));
}

void ContentsDecoder::text(View part, Turn& turn) {
    const bool taken = signature(part, turn, false);
    const Text text = part["text"].text();
    if (text.empty() && (taken || !field(part, "thoughtSignature"))) return;
    Part out = prose_part(text);
    keep_members(part, {"text", "thought"}, out.extras);
    if (taken) {
        std::erase_if(out.extras.members,
                      [](const auto& m) { return is_named(m.first, "thoughtSignature"); });
    }
    turn.parts.push_back(std::move(out));
}

Text ContentsDecoder::new_id() {
    return Text::from_escaped(c_.arena.keep(fmt::format("call_{}", ++made_)));
}

Result<void> ContentsDecoder::call(View part, Turn& turn, const std::string& where) {
    const View body = field(part, "functionCall");
    if (body["name"].text().empty()) return wrong(where + ".functionCall.name", "Field required");
    const View arguments = body["args"];
    if (arguments && !arguments.is_object() && !arguments.is_null())
        return wrong(where + ".functionCall.args", "Expected an object");
    signature(part, turn, true);
    Text id = body["id"].text();
    if (id.empty()) id = new_id();
    calls_.push_back({id, body["name"].text()});
    Part out;
    out.extras.from = Protocol::gemini;
    out.body = chat::ToolCall{id, body["name"].text(),
                              arguments.is_object() ? arguments.raw() : std::string_view("{}")};
    turn.parts.push_back(std::move(out));
    return {};
}

Text ContentsDecoder::answered_id(Text id, Text name) {
    for (Call& call : calls_) {
        if (call.answered || (id.empty() ? call.name != name : call.id != id)) continue;
        call.answered = true;
        return call.id;
    }
    return id.empty() ? new_id() : id;
}

// The keys that Google documents (FunctionResponse: "output" and "error") hold a text; any other
// object stays whole, and its JSON is what another protocol's model reads.
Result<void> ContentsDecoder::response_content(View response, chat::ToolResult& result,
                                               const std::string& where) {
    const View body = response["response"];
    const View output = body["output"], error = body["error"];
    const bool single = body.size() == 1;
    if (single && output.is_string()) {
        if (!output.text().empty()) result.content.push_back(prose_part(output.text()));
    } else if (single && error.is_string()) {
        result.is_error = true;
        result.content.push_back(prose_part(error.text()));
    } else if (body.is_object()) {
        // The AI SDK's shape: {"name", "content"}.
        const View content = body["content"];
        const bool named = body.size() == 2 && body["name"] && content.is_string();
        Part part;
        part.extras.from = Protocol::gemini;
        part.body = chat::Opaque{Protocol::gemini, Text::literal("response"), body.raw(),
                                 named ? content.text() : Text::from_plain(body.raw(), c_.arena)};
        result.content.push_back(std::move(part));
    }
    std::size_t index = 0;
    for (const View part : response["parts"].elements()) {
        const std::string place = fmt::format("{}.functionResponse.parts[{}]", where, index++);
        TRY(Part media, decode_media(part, place, c_.arena));
        result.content.push_back(std::move(media));
    }
    return {};
}

Result<void> ContentsDecoder::response(View part, Turn& turn, const std::string& where) {
    const View body = field(part, "functionResponse");
    if (!body.is_object()) return wrong(where + ".functionResponse", "Expected an object");
    chat::ToolResult result;
    result.call_id = answered_id(body["id"].text(), body["name"].text());
    TRY_DO(response_content(body, result, where));
    Part out;
    out.body = std::move(result);
    keep_members(body, {"id", "name", "response", "parts"}, out.extras);
    turn.parts.push_back(std::move(out));
    return {};
}

Result<void> ContentsDecoder::part(View part, Turn& turn, const std::string& where) {
    if (!part.is_object()) return wrong(where, "Expected an object");
    if (field(part, "functionCall")) return call(part, turn, where);
    if (field(part, "functionResponse")) return response(part, turn, where);
    if (field(part, "inlineData") || field(part, "fileData")) {
        TRY(Part media, decode_media(part, where, c_.arena));
        turn.parts.push_back(std::move(media));
    } else if (part["thought"].boolean().value_or(false)) {
        thought(part, turn);
    } else if (part["text"].is_string()) {
        text(part, turn);
    } else if (part.has_elements()) {
        turn.parts.push_back(opaque_part(part, c_.arena));
    }
    return {};
}

Result<void> ContentsDecoder::content(View content, std::size_t index) {
    const std::string where = fmt::format("contents[{}]", index);
    if (!content.is_object()) return wrong(where, "Expected an object");
    const Text role = content["role"].text();
    Turn turn;
    turn.extras.from = Protocol::gemini;
    if (role.equals("model"))
        turn.role = Role::assistant;
    else if (role.equals("system"))
        turn.role = Role::system;
    else if (!role.empty() && !role.equals("user") && !role.equals("function"))
        return wrong(where + ".role", "Expected one of user, model");
    const View parts = content["parts"];
    if (parts && !parts.is_array() && !parts.is_null())
        return wrong(where + ".parts", "Expected an array");
    std::size_t number = 0;
    for (const View one : parts.elements()) {
        TRY_DO(part(one, turn, fmt::format("{}.parts[{}]", where, number++)));
    }
    c_.turns.push_back(std::move(turn));
    return {};
}

// A Content; some clients write its text alone.
Result<void> ContentsDecoder::system(View instruction) {
    Turn turn;
    turn.role = Role::system;
    turn.extras.from = Protocol::gemini;
    if (instruction.is_string() && !instruction.text().empty())
        turn.parts.push_back(prose_part(instruction.text()));
    for (const View part : instruction["parts"].elements()) {
        if (!part["text"].is_string())
            return wrong("systemInstruction.parts", "Expected parts with a text");
        if (!part["text"].text().empty()) turn.parts.push_back(prose_part(part["text"].text()));
    }
    if (!turn.parts.empty()) c_.turns.push_back(std::move(turn));
    return {};
}

}  // namespace

std::unexpected<Error> wrong(std::string_view where, std::string_view what) {
    return fail(ErrorKind::invalid_request, fmt::format("{}: {}", where, what));
}

Result<void> decode_contents(View body, chat::Conversation& conversation) {
    ContentsDecoder decoder(conversation);
    TRY_DO(decoder.system(field(body, "systemInstruction")));
    const View contents = body["contents"];
    if (!contents) return wrong("contents", "Field required");
    if (!contents.is_array() || !contents.has_elements())
        return wrong("contents", "Expected a non-empty array");
    std::size_t index = 0;
    for (const View content : contents.elements()) {
        TRY_DO(decoder.content(content, index++));
    }
    return {};
}

}  // namespace ccr::wire::gemini
