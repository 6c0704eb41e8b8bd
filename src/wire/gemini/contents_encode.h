// Turns to `contents`: roles alternate, and the user content behind function calls begins with one
// response for each of them, as Google's servers demand
// (ai.google.dev/gemini-api/docs/function-calling, "Parallel function calling").
//
// Runs of turns of one role become one content. System turns in mid-conversation become the
// reminder text that Claude Code itself falls back to. A plain object for one request.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chat/conversation.h"
#include "json/writer.h"
#include "wire/codec.h"
#include "wire/gemini/losses.h"
#include "wire/gemini/model_traits.h"
#include "wire/place.h"

namespace ccr::wire::gemini {

class ContentsEncoder {
  public:
    ContentsEncoder(json::Writer& w, const Target& target, chat::Losses& losses)
        : w_(w), target_(target), traits_(traits_of_model(target.model)), losses_(losses) {}

    /// Writes the members `systemInstruction` and `contents`.
    void encode(const std::vector<chat::Turn>& turns);

  private:
    /// A part of a user content that waits for the responses to be written.
    struct Piece {
        const chat::Part* part = nullptr;
        std::string plain;      // text of ours, used when there is no part
        bool reminder = false;  // wrapped as a system reminder
    };
    struct Result {
        const chat::ToolResult* result;
        const chat::Part* part;
        Place where;
    };

    void system(std::span<const chat::Turn> turns);
    // The user's side.
    void gather(const chat::Turn& turn, const Place& where);
    void flush_user();
    void responses();
    void response(const Result& result, chat::Text name);
    void response_body(const chat::ToolResult& result, const Place& where);
    void response_media(const Result& result);
    void missing_response(const chat::ToolCall& call);
    void orphan(const Result& result);
    void piece(const Piece& piece);
    void text_part(chat::Text text, bool reminder);
    void plain_part(std::string_view plain);
    void media_part(const chat::Part& part, const chat::Media& media);
    // The model's side.
    void assistant(const chat::Turn& turn, const Place& where);
    void model_part(const chat::Turn& turn, const chat::Part& part, const Place& where);
    void thought(const chat::Turn& turn, const chat::Part& part, const Place& where);
    void call(const chat::Turn& turn, const chat::ToolCall& call);
    void prose(const chat::Turn& turn, const chat::Part& part);
    void flush_seals();
    // Contents.
    void open_content(std::string_view role);
    void close_content();
    void begin_part() { w_.open_object(); }
    void end_part(const chat::Part* part);
    bool goes_back(const chat::Reasoning& reasoning) const;

    json::Writer& w_;
    const Target& target_;
    ModelTraits traits_;
    chat::Losses& losses_;
    std::string_view open_role_;  // of the content that is open, "" = none
    std::vector<Piece> pieces_;   // of the user content under way
    std::vector<Result> results_;
    std::vector<const chat::ToolCall*> calls_;  // of the model content before it
    std::vector<std::string> seals_;            // that wait for the part they belong to
    bool unsigned_call_ = false;                // the content's first call has yet to come
};

}  // namespace ccr::wire::gemini
