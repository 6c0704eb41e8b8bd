#include "adapt/native.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace ccr::adapt {
namespace {

using chat::Conversation;
using chat::Part;
using json::Text;

constexpr std::size_t kLongestName = 64;  // OpenAI, "function.name"; Gemini and others alike

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

// Kimi and StepFun (tool definitions) and Gemini want a letter or '_' first.
bool begins_plainly(std::string_view name) {
    return !name.empty() && name[0] != '-' && !(name[0] >= '0' && name[0] <= '9');
}

bool is_plain_name(std::string_view name) {
    return begins_plainly(name) && name.size() <= kLongestName &&
           std::ranges::all_of(name, is_name_character);
}

// FNV-1a: tells names apart that look alike after shortening.
std::string short_hash(std::string_view text) {
    std::uint32_t hash = 0x811c9dc5;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
    return fmt::format("{:08x}", hash);
}

class ToolNames final : public Adapter {
  public:
    void request(Conversation& c, RequestNotes&) override {
        for (const chat::Tool& tool : c.tools) used_.insert(tool.name.decode());
        for (chat::Tool& tool : c.tools) {
            if (tool.server_type.empty()) rename(tool.name, c.arena);
        }
        if (c.tool_choice && !c.tool_choice->name.empty()) rename(c.tool_choice->name, c.arena);
        for (chat::Turn& turn : c.turns) {
            for (Part& part : turn.parts) {
                if (auto* call = std::get_if<chat::ToolCall>(&part.body))
                    rename(call->name, c.arena);
            }
        }
    }

    void event(const chat::StreamEvent& event, chat::Events& out, Arena& arena) override {
        out.push_back(event);
        auto* opened = std::get_if<chat::Opened>(&out.back());
        if (!opened || opened->kind != chat::BlockKind::tool_call) return;
        const auto known = original_.find(opened->name.decode());
        if (known != original_.end())
            opened->name = Text::from_plain(arena.keep(known->second), arena);
    }

  private:
    void rename(Text& name, Arena& arena) {
        const std::string plain = name.decode();
        if (is_plain_name(plain)) return;
        auto [entry, fresh] = alias_.try_emplace(plain);
        if (fresh) {
            entry->second = alias_of(plain);
            original_[entry->second] = plain;
            used_.insert(entry->second);
        }
        name = Text::from_plain(arena.keep(entry->second), arena);
    }

    std::string alias_of(const std::string& name) const {
        std::string alias = begins_plainly(name) ? "" : "_";
        for (const char c : name) alias += is_name_character(c) ? c : '_';
        const std::string hash = "_" + short_hash(name);
        alias.resize(std::min(alias.size(), kLongestName - hash.size()));
        std::string unique = alias + hash;
        for (int n = 2; used_.contains(unique); ++n)
            unique = alias.substr(0, alias.size() - std::min<std::size_t>(alias.size(), 4)) +
                     std::to_string(n) + hash;
        return unique;
    }

    std::map<std::string, std::string> alias_, original_;
    std::set<std::string> used_;
};

constexpr Text kUnseen =
    Text::literal("[An image was attached here. This model cannot see images.]");

bool is_image(const Part& part) {
    const auto* media = part.as<chat::Media>();
    return media && media->kind == chat::MediaKind::image;
}

bool has_image(const std::vector<Part>& parts) {
    return std::ranges::any_of(parts, [](const Part& part) {
        const auto* result = part.as<chat::ToolResult>();
        return is_image(part) || (result && has_image(result->content));
    });
}

class WithoutImages final : public Adapter {
  public:
    void request(Conversation& c, RequestNotes& notes) override {
        for (std::size_t i = 0; i < c.turns.size(); ++i)
            replace(c.turns[i].parts, fmt::format("turns.{}", i), notes.losses);
    }

  private:
    void replace(std::vector<Part>& parts, const std::string& where, chat::Losses& losses) {
        for (Part& part : parts) {
            if (auto* result = std::get_if<chat::ToolResult>(&part.body))
                replace(result->content, where, losses);
            if (!is_image(part)) continue;
            losses.push_back({where, "image", "the model cannot see; a note stands in its place"});
            part.body = chat::Prose{kUnseen};
        }
    }
};

class ReasoningBack final : public Adapter {
  public:
    ReasoningBack(std::string provider, std::string field)
        : provider_(std::move(provider)), field_(std::move(field)) {}

    void request(Conversation& c, RequestNotes&) override {
        for (chat::Turn& turn : c.turns) {
            if (turn.role == chat::Role::assistant && has_call(turn)) mend(turn, c.arena);
        }
    }

  private:
    static bool has_call(const chat::Turn& turn) {
        return std::ranges::any_of(turn.parts,
                                   [](const Part& p) { return p.as<chat::ToolCall>() != nullptr; });
    }

    // A conversation that began elsewhere, or without thinking, has none of this provider's own:
    // what there is goes under its name, and where there is nothing a blank stands for it.
    void mend(chat::Turn& turn, Arena& arena) const {
        const chat::Provenance own{Protocol::openai_chat,
                                   Text::from_plain(arena.keep(provider_), arena),
                                   Text::from_plain(arena.keep(field_), arena)};
        bool has_text = false;
        for (Part& part : turn.parts) {
            auto* reasoning = std::get_if<chat::Reasoning>(&part.body);
            if (!reasoning || reasoning->text.empty()) continue;
            has_text = true;
            const bool is_own = reasoning->from.protocol == Protocol::openai_chat &&
                                reasoning->from.provider.equals(provider_);
            if (is_own && !reasoning->from.field.empty()) continue;
            reasoning->from = own;
            reasoning->seal = {};
            reasoning->details = {};
        }
        if (has_text) return;
        Part blank;
        chat::Reasoning reasoning;
        reasoning.text = Text::literal(" ");
        reasoning.from = own;
        blank.body = reasoning;
        turn.parts.insert(turn.parts.begin(), std::move(blank));
    }

    std::string provider_, field_;
};

class JsonMode final : public Adapter {
  public:
    void request(Conversation& c, RequestNotes& notes) override {
        chat::AnswerFormat any_object;
        any_object.json = true;
        c.format = any_object;
        notes.losses.push_back(
            {"response_format", "the answer's schema", "this provider takes JSON mode only"});
    }
};

bool wants_thinking(const Conversation& c) {
    const bool off = (c.thinking && c.thinking->mode == chat::Thinking::Mode::off) ||
                     c.effort == chat::Effort::none;
    return !off;
}

}  // namespace

std::unique_ptr<Adapter> tool_names(const Conversation& conversation) {
    const auto is_bad = [](Text name) { return !is_plain_name(name.decode()); };
    bool any = std::ranges::any_of(conversation.tools, [&](const chat::Tool& tool) {
        return tool.server_type.empty() && is_bad(tool.name);
    });
    for (const chat::Turn& turn : conversation.turns) {
        for (const Part& part : turn.parts) {
            const auto* call = part.as<chat::ToolCall>();
            any = any || (call && is_bad(call->name));
        }
    }
    return any ? std::make_unique<ToolNames>() : nullptr;
}

std::unique_ptr<Adapter> without_images(const Conversation& conversation) {
    const bool any = std::ranges::any_of(
        conversation.turns, [](const chat::Turn& turn) { return has_image(turn.parts); });
    return any ? std::make_unique<WithoutImages>() : nullptr;
}

std::unique_ptr<Adapter> reasoning_back(std::string provider, std::string field) {
    return std::make_unique<ReasoningBack>(std::move(provider), std::move(field));
}

std::unique_ptr<Adapter> json_mode(const Situation& s) {
    const bool any = s.conversation.format && !s.conversation.format->schema.empty();
    if (!any || s.speaks != Protocol::openai_chat || !s.provider.preset) return nullptr;
    const auto replaces_schemas = [](const json::WirePatch& patch) {
        return patch.pointer == "/response_format" && patch.where &&
               patch.where->value == R"("json_schema")";
    };
    const bool refused = std::ranges::any_of(s.provider.preset->chat_patches, replaces_schemas);
    return refused ? std::make_unique<JsonMode>() : nullptr;
}

void add_native(const Situation& s, Recipe& recipe) {
    const auto add = [&](std::unique_ptr<Adapter> adapter) {
        if (adapter) recipe.adapters.push_back(std::move(adapter));
    };
    add(provider_search(s));
    if (s.traits.vision == false) add(without_images(s.conversation));
    if (s.speaks != Protocol::anthropic && !s.same_protocol) add(tool_names(s.conversation));
    add(json_mode(s));
    add(moonshot_schemas(s));
    add(tool_marks(s, recipe.patches));
    const auto& field = s.traits.reasoning_field;
    const bool chat_from_elsewhere = s.speaks == Protocol::openai_chat && !s.same_protocol;
    if (chat_from_elsewhere && field && !field->empty() && wants_thinking(s.conversation))
        add(reasoning_back(s.provider.name, *field));
    if (s.traits.text_tool_calls == true) add(text_tool_calls());
}

}  // namespace ccr::adapt
