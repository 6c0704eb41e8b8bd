// Calls between <tool_call> tags: a JSON object {"name", "arguments"} (Hermes, Qwen), or
// <function=name> with <parameter=key> inside (Qwen3-Coder). Forms: the models' chat templates.
#include <optional>
#include <utility>

#include "adapt/block_writer.h"
#include "adapt/json_mender.h"
#include "adapt/native.h"
#include "adapt/tag_splitter.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::adapt {
namespace {

using Piece = TagSplitter::Piece;

constexpr std::string_view kOpen = "<tool_call>";
constexpr std::string_view kClose = "</tool_call>";

struct Call {
    std::string name, arguments;
};

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// What stands between `open` and `close` from `at` on; moves `at` behind it.
std::optional<std::string_view> between(std::string_view text, std::string_view open,
                                        std::string_view close, std::size_t& at) {
    const std::size_t begin = text.find(open, at);
    if (begin == text.npos) return std::nullopt;
    const std::size_t end = text.find(close, begin + open.size());
    if (end == text.npos) return std::nullopt;
    at = end + close.size();
    return text.substr(begin + open.size(), end - begin - open.size());
}

// A parameter's value is text unless it reads as a JSON value.
std::string parameter_json(std::string_view value) {
    value = trimmed(value);
    json::Document document;
    if (const auto parsed = document.parse(value)) return std::string(value);
    std::string out;
    json::Writer(out).string(value);
    return out;
}

std::optional<Call> tagged_call(std::string_view text) {
    std::size_t at = 0;
    const auto name = between(text, "<function=", ">", at);
    if (!name) return std::nullopt;
    Call call{std::string(trimmed(*name)), ""};
    json::Writer w(call.arguments);
    w.open_object();
    while (const auto key = between(text, "<parameter=", ">", at)) {
        const auto value = between(text, "", "</parameter>", at);
        if (!value) break;
        std::string escaped;
        json::escape_to(escaped, trimmed(*key));
        w.key(escaped).raw(parameter_json(*value));
    }
    w.close_object();
    return call;
}

std::optional<Call> call_of(std::string_view text) {
    if (auto call = tagged_call(text)) return call;
    std::string mended;
    JsonMender mender("");
    mender.feed(text, mended);
    mender.finish(mended);
    json::Document document;
    const auto root = document.parse(mended);
    if (!root || (*root)["name"].text().empty()) return std::nullopt;
    const json::View arguments =
        (*root)["arguments"] ? (*root)["arguments"] : (*root)["parameters"];
    if (arguments.is_string())
        return Call{(*root)["name"].text().decode(), arguments.text().decode()};
    return Call{(*root)["name"].text().decode(),
                arguments.is_object() ? std::string(arguments.raw()) : "{}"};
}

class TextToolCalls final : public Adapter {
  public:
    void event(const chat::StreamEvent& event, chat::Events& out, Arena& arena) override {
        const auto split = [&](Piece piece, std::string_view text) {
            write(piece, text, out, arena);
        };
        if (const auto* opened = std::get_if<chat::Opened>(&event);
            opened && opened->kind == chat::BlockKind::text) {
            in_text_ = true;
            return;
        }
        if (const auto* delta = std::get_if<chat::Delta>(&event); delta && in_text_)
            return tags_.feed(delta->text.decode(), split);
        if (in_text_ && std::holds_alternative<chat::Closed>(event)) {
            tags_.finish(split);
            if (tags_.inside()) settle("", out, arena);  // the closing tag never came
            writer_.close(out);
            in_text_ = false;
            return;
        }
        out.push_back(event);
        auto* finished = std::get_if<chat::Finished>(&out.back());
        if (finished && called_ && finished->reason == chat::StopReason::end_turn)
            finished->reason = chat::StopReason::tool_use;
    }

  private:
    void write(Piece piece, std::string_view text, chat::Events& out, Arena& arena) {
        if (piece == Piece::inside) inside_ += text;
        if (piece == Piece::left) settle(kClose, out, arena);
        if (piece != Piece::outside) return;
        // Blanks between two calls are no answer.
        if (called_ && trimmed(text).empty()) return;
        writer_.text(text, out, arena);
    }

    // What is no call passes as the text it is, to its closing tag if there was one.
    void settle(std::string_view close, chat::Events& out, Arena& arena) {
        const std::string text = std::exchange(inside_, "");
        if (const auto call = call_of(text)) {
            called_ = true;
            return writer_.call(call->name, call->arguments, out, arena);
        }
        writer_.text(std::string(kOpen) + text + std::string(close), out, arena);
    }

    TagSplitter tags_{kOpen, kClose};
    BlockWriter writer_;
    std::string inside_;
    bool in_text_ = false, called_ = false;
};

}  // namespace

std::unique_ptr<Adapter> text_tool_calls() {
    return std::make_unique<TextToolCalls>();
}

}  // namespace ccr::adapt
