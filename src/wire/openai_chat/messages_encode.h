// Turns to `messages`: ordered blocks folded into Chat's flat form.
//
// Runs of user and system turns become the tool messages their results need, then one user message
// (many servers' templates want roles to alternate). System turns in mid-conversation become the
// reminder text that Claude Code itself falls back to. A plain object for one request.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chat/conversation.h"
#include "chat/loss.h"
#include "json/writer.h"
#include "wire/codec.h"
#include "wire/openai_chat/content_writer.h"
#include "wire/place.h"

namespace ccr::wire::openai_chat {

class MessagesEncoder {
  public:
    MessagesEncoder(json::Writer& w, const Target& target, chat::Losses& losses)
        : w_(w), target_(target), losses_(losses) {}

    /// Writes the elements of the `messages` array.
    void encode(const std::vector<chat::Turn>& turns);
    /// How many cache marks were written.
    std::size_t cache_marks() const { return marks_; }

  private:
    /// A piece of a user message that waits for its run to end.
    struct Piece {
        const chat::Part* part = nullptr;
        std::string plain;      // text of ours, used when there is no part
        bool reminder = false;  // wrapped as a system reminder
    };

    void system_message(std::span<const chat::Turn> turns);
    void assistant_message(const chat::Turn& turn, const Place& where);
    void gather(const chat::Turn& turn, const Place& where);
    void gather_part(const chat::Part& part, bool reminder, const Place& where);
    void gather_result(const chat::ToolResult& result, std::string_view mark, const Place& where);
    void flush_user();
    void write_text(const std::vector<Piece>& pieces);
    void write_parts(const std::vector<Piece>& pieces);
    void write_calls(const chat::Turn& turn);
    void write_reasoning(const chat::Turn& turn, bool has_calls, const Place& where);
    void tool_message(const chat::ToolResult& result, std::string_view mark, std::size_t media);
    bool takes_mark(const chat::Part& part) const;
    void add_text(const chat::Part& part, ContentWriter& content);
    void write_reasoning_text(chat::Text field, chat::Text text, chat::Text seal);
    bool goes_back(const chat::Reasoning& reasoning, bool has_calls) const;
    void note_lost_order(const chat::Turn& turn, const Place& where);
    void note_silent_blocks(const chat::Turn& turn, const Place& where);
    void lose_media(const chat::Media& media, const Place& where);

    json::Writer& w_;
    const Target& target_;
    chat::Losses& losses_;
    std::vector<Piece> pending_;
    std::size_t marks_ = 0;
};

}  // namespace ccr::wire::openai_chat
