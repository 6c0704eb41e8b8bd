#include <algorithm>

#include "adapt/behaviours.h"
#include "json/document.h"

namespace ccr::adapt {
namespace {

using chat::BlockKind;
using json::Text;

constexpr std::string_view kExitTool = "ExitTool";
constexpr std::string_view kExitSchema =
    R"({"type":"object","properties":{"response":{"type":"string","description":)"
    R"("The answer for the user, complete and in the user's language."}},"required":["response"]})";
constexpr Text kAnnouncement = Text::literal(
    "Tool mode is on: every reply must be a tool call. Use the tools above to do the work. When no "
    "tool is needed any more, or none fits, call ExitTool with the answer for the user.");
constexpr Text kDescription =
    Text::literal("Ends the work and gives the user the answer in `response`.");

class ToolUse final : public Adapter {
  public:
    void request(chat::Conversation& c, RequestNotes&) override {
        const bool callable = std::ranges::any_of(c.tools, [](const chat::Tool& tool) {
            return !tool.placeholder && tool.server_type.empty();
        });
        const bool free_choice = !c.tool_choice ||
                                 c.tool_choice->mode == chat::ToolMode::automatic ||
                                 c.tool_choice->mode == chat::ToolMode::required;
        active_ = callable && free_choice;
        if (!active_) return;
        chat::Tool exit;
        exit.name = Text::from_escaped(kExitTool);
        exit.description = kDescription;
        exit.schema = kExitSchema;
        exit.extras.from = c.extras.from;
        c.tools.push_back(exit);
        if (!c.tool_choice) c.tool_choice.emplace();
        c.tool_choice->mode = chat::ToolMode::required;
        chat::Turn turn;
        turn.role = chat::Role::system;
        turn.extras.from = Protocol::openai_chat;
        turn.parts.push_back({chat::Prose{kAnnouncement}, {}, {}});
        c.turns.push_back(std::move(turn));
    }

    void event(const chat::StreamEvent& event, chat::Events& out, Arena& arena) override {
        if (!active_) return out.push_back(event);
        if (const auto* opened = std::get_if<chat::Opened>(&event)) {
            exiting_ = opened->kind == BlockKind::tool_call && opened->name.equals(kExitTool);
            arguments_.clear();
            other_calls_ = other_calls_ || (!exiting_ && opened->kind == BlockKind::tool_call);
            if (exiting_) return;
        } else if (const auto* delta = std::get_if<chat::Delta>(&event); delta && exiting_) {
            arguments_ += delta->text.decode();
            return;
        } else if (std::holds_alternative<chat::Closed>(event) && exiting_) {
            exiting_ = false;
            return say(out, arena);
        }
        out.push_back(event);
        auto* finished = std::get_if<chat::Finished>(&out.back());
        if (finished && finished->reason == chat::StopReason::tool_use && !other_calls_)
            finished->reason = chat::StopReason::end_turn;
    }

  private:
    // Arguments that are no JSON are what the model wanted to say.
    void say(chat::Events& out, Arena& arena) const {
        json::Document document;
        const auto root = document.parse(arguments_);
        std::string answer = root ? (*root)["response"].text().decode() : arguments_;
        if (answer.empty()) return;
        chat::Opened opened;
        opened.kind = BlockKind::text;
        out.emplace_back(opened);
        chat::Delta delta;
        delta.kind = chat::DeltaKind::text;
        delta.text = Text::from_plain(arena.keep(answer), arena);
        out.emplace_back(delta);
        out.emplace_back(chat::Closed{});
    }

    bool active_ = false, exiting_ = false, other_calls_ = false;
    std::string arguments_;
};

}  // namespace

std::unique_ptr<Adapter> tool_use() {
    return std::make_unique<ToolUse>();
}

}  // namespace ccr::adapt
