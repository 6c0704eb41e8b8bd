#include <map>
#include <optional>
#include <string>
#include <utility>

#include "adapt/behaviours.h"
#include "adapt/json_mender.h"
#include "json/document.h"

namespace ccr::adapt {
namespace {

using json::Text;

// A whole answer keeps arguments that are no object as {"arguments": "..."} (chat/fold.cpp): what
// stands inside is what the model wrote.
std::string as_written(std::string piece) {
    if (!piece.starts_with(R"({"arguments":)")) return piece;
    json::Document document;
    const auto root = document.parse(piece);
    if (!root || root->size() != 1 || !(*root)["arguments"].is_string()) return piece;
    return (*root)["arguments"].text().decode();
}

class EnhanceTool final : public Adapter {
  public:
    void request(chat::Conversation& c, RequestNotes&) override {
        for (const chat::Tool& tool : c.tools)
            schemas_[tool.name.decode()] = std::string(tool.schema);
    }

    void event(const chat::StreamEvent& event, chat::Events& out, Arena& arena) override {
        if (const auto* opened = std::get_if<chat::Opened>(&event)) {
            open(*opened);
        } else if (const auto* delta = std::get_if<chat::Delta>(&event)) {
            if (mender_ && delta->kind == chat::DeltaKind::arguments)
                return mend(delta->text.decode(), out, arena);
        } else if (std::holds_alternative<chat::Closed>(event) && mender_) {
            std::string rest;
            mender_->finish(rest);
            mender_.reset();
            send(rest, out, arena);
        }
        out.push_back(event);
    }

  private:
    void open(const chat::Opened& opened) {
        if (opened.kind != chat::BlockKind::tool_call) return;
        const auto known = schemas_.find(opened.name.decode());
        const std::string_view schema =
            known == schemas_.end() ? std::string_view() : known->second;
        mender_.emplace(schema);
        may_be_wrapped_ = schema.find("\"arguments\"") == schema.npos;
    }

    void mend(std::string piece, chat::Events& out, Arena& arena) {
        std::string mended;
        if (may_be_wrapped_) piece = as_written(std::move(piece));
        mender_->feed(piece, mended);
        send(mended, out, arena);
    }

    static void send(std::string_view json, chat::Events& out, Arena& arena) {
        if (json.empty()) return;
        chat::Delta delta;
        delta.kind = chat::DeltaKind::arguments;
        delta.text = Text::from_plain(arena.keep(json), arena);
        out.emplace_back(delta);
    }

    std::map<std::string, std::string> schemas_;
    std::optional<JsonMender> mender_;
    bool may_be_wrapped_ = false;
};

}  // namespace

std::unique_ptr<Adapter> enhance_tool() {
    return std::make_unique<EnhanceTool>();
}

}  // namespace ccr::adapt
