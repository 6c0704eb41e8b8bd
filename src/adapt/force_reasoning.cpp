#include <algorithm>

#include "adapt/behaviours.h"
#include "adapt/block_writer.h"
#include "adapt/tag_splitter.h"

namespace ccr::adapt {
namespace {

using chat::Part;
using json::Text;
using Piece = TagSplitter::Piece;

constexpr std::string_view kOpen = "<reasoning_content>";
constexpr std::string_view kClose = "</reasoning_content>";
constexpr std::size_t kRemembered = 10;  // turns whose thinking is told again
constexpr std::size_t kSearch = 4096;    // text after which no tag is expected any more
constexpr Text kInstruction = Text::literal(
    "Think before you answer. Write your thoughts first, between <reasoning_content> and "
    "</reasoning_content>, and the answer directly behind them, in this form: "
    "<reasoning_content>thoughts</reasoning_content>answer");

class ForceReasoning final : public Adapter {
  public:
    void request(chat::Conversation& c, RequestNotes&) override {
        std::size_t told = 0;
        for (auto turn = c.turns.rbegin(); turn != c.turns.rend(); ++turn) {
            if (turn->role == chat::Role::assistant && as_text(*turn, told < kRemembered, c.arena))
                ++told;
        }
        ask(c);
        c.thinking.reset();
        c.effort.reset();
    }

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
            writer_.close(out);
            in_text_ = false;
            return;
        }
        out.push_back(event);
    }

  private:
    // Thinking becomes tagged text at the head of its turn, or goes. True when there was any.
    static bool as_text(chat::Turn& turn, bool keep, Arena& arena) {
        std::string thoughts;
        std::erase_if(turn.parts, [&](const Part& part) {
            const auto* reasoning = part.as<chat::Reasoning>();
            if (reasoning) thoughts += reasoning->text.escaped();
            return reasoning != nullptr;
        });
        if (thoughts.empty() || !keep) return !thoughts.empty();
        const std::string tagged = std::string(kOpen) + thoughts + std::string(kClose) + "\\n";
        Part part;
        part.body = chat::Prose{Text::from_escaped(arena.keep(tagged))};
        turn.parts.insert(turn.parts.begin(), std::move(part));
        return true;
    }

    static void ask(chat::Conversation& c) {
        if (c.turns.empty() || c.turns.back().role != chat::Role::user) {
            chat::Turn turn;
            turn.extras.from = c.extras.from;
            c.turns.push_back(std::move(turn));
        }
        Part part;
        part.extras.from = c.extras.from;
        part.body = chat::Prose{kInstruction};
        c.turns.back().parts.push_back(std::move(part));
    }

    void write(Piece piece, std::string_view text, chat::Events& out, Arena& arena) {
        if (piece == Piece::inside) return writer_.reasoning(text, out, arena);
        if (piece == Piece::left) {
            tags_.end_search();
            fresh_ = true;
        }
        if (piece != Piece::outside) return;
        seen_ += text.size();
        if (seen_ > kSearch) tags_.end_search();
        // Blanks around the tags are layout, not answer.
        if (fresh_) {
            const std::size_t first = text.find_first_not_of(" \t\r\n");
            if (first == std::string_view::npos) return;
            text.remove_prefix(first);
        }
        fresh_ = false;
        writer_.text(text, out, arena);
    }

    TagSplitter tags_{kOpen, kClose};
    BlockWriter writer_;
    bool in_text_ = false;
    bool fresh_ = true;  // no text since the start or the closing tag
    std::size_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Adapter> force_reasoning() {
    return std::make_unique<ForceReasoning>();
}

}  // namespace ccr::adapt
