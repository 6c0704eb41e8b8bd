// MessageEdit: the edited messages of a view, as turns again. One request, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "json/document.h"
#include "plugin/openai_view.h"

namespace ccr::plugin {

/// A part and where it belongs among its turn's own.
struct PlacedPart {
    std::size_t place = 0;
    chat::Part part;
};
using PlacedParts = std::vector<PlacedPart>;

/// The elements of `after` in place of `shown`, which `before` showed. `decoded`: what a decoder
/// makes of `after`, one part for each element.
void edit_content(const std::vector<chat::Part>& parts, const std::vector<std::size_t>& shown,
                  json::View before, json::View after, std::vector<chat::Part> decoded,
                  PlacedParts& out);
/// The same for elements of `tool_calls`; `shown` are the places of calls.
void edit_calls(const std::vector<chat::Part>& parts, const std::vector<std::size_t>& shown,
                json::View before, json::View after, std::vector<chat::Part> decoded,
                PlacedParts& out);
/// One text for all members of a message that hold reasoning.
std::string meaning_of_reasoning(json::View message);

/// A turn whose parts are being gathered.
struct OpenTurn {
    chat::Turn turn;
    PlacedParts parts;
    std::optional<std::size_t> source;  // the turn it goes on with
    std::size_t last = 0;               // the place of its latest part
};

class MessageEdit {
  public:
    /// `arenas` take what decoding makes.
    MessageEdit(const chat::Conversation& before, const OpenAiView& view,
                std::vector<Arena>& arenas)
        : before_(before), view_(view), arenas_(arenas) {}

    /// Error: invalid_request naming the message.
    Result<std::vector<chat::Turn>> run(json::View shown, json::View after);

  private:
    void keep(const ViewedMessage& shown);
    void edit(const ViewedMessage& shown, json::View before, json::View after, chat::Turn decoded);
    void edit_result(const ViewedMessage& shown, json::View before, json::View after,
                     chat::Part decoded);
    void edit_parts(const ViewedMessage& shown, json::View before, json::View after,
                    chat::Turn& decoded);
    void add_new(chat::Turn decoded);
    void open_for(std::size_t turn, bool keep_silent_reasoning);
    void add(std::size_t place, chat::Part part);
    void close();
    void silent_turns(std::size_t before_turn);
    Result<std::optional<chat::Turn>> decode(json::View message, std::size_t index);
    const std::vector<chat::Part>& parts_of(std::size_t turn) const {
        return before_.turns[turn].parts;
    }

    const chat::Conversation& before_;
    const OpenAiView& view_;
    std::vector<Arena>& arenas_;
    std::vector<json::View> shown_;  // the view's messages
    std::vector<chat::Turn> out_;
    std::optional<OpenTurn> open_;
    std::vector<bool> begun_;  // turns whose silent parts are placed, and silent turns
};

}  // namespace ccr::plugin
