#include "plugin/openai_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chat/copy.h"
#include "json/document.h"
#include "json/pointer.h"
#include "plugin/alignment.h"
#include "plugin/meaning.h"
#include "plugin/message_edit.h"
#include "wire/codec.h"

namespace ccr::plugin {
namespace {

using chat::Conversation;
using json::Text;
using json::View;

// In the messages' place while the other members are decoded.
constexpr std::string_view kNobody = R"([{"role":"user","content":"x"}])";

/// The members of a request beside its messages.
class Settings {
  public:
    Settings(View before, View after, const Conversation& decoded)
        : before_(before), after_(after), decoded_(decoded) {}

    void apply(EditedRequest& out) const {
        Conversation& c = out.conversation;
        out.model = after_["model"].text().decode();
        apply_sampling(c.sampling);
        if (changed({"tool_choice", "parallel_tool_calls"})) c.tool_choice = decoded_.tool_choice;
        if (changed({"reasoning", "reasoning_effort", "thinking"})) apply_thinking(c);
        if (changed({"response_format"})) c.format = decoded_.format;
        if (changed({"verbosity"})) c.verbosity = decoded_.verbosity;
        if (changed({"user"})) c.user_id = decoded_.user_id;
        if (changed({"stream"})) c.stream = decoded_.stream;
        apply_unknown(out);
    }

  private:
    bool changed(std::initializer_list<std::string_view> names) const {
        return std::ranges::any_of(names, [this](std::string_view name) {
            return meaning_of(before_[name]) != meaning_of(after_[name]);
        });
    }

    void apply_sampling(chat::Sampling& sampling) const {
        const chat::Sampling& is = decoded_.sampling;
        if (changed({"max_tokens", "max_completion_tokens"})) sampling.max_tokens = is.max_tokens;
        if (changed({"temperature"})) sampling.temperature = is.temperature;
        if (changed({"top_p"})) sampling.top_p = is.top_p;
        if (changed({"top_k"})) sampling.top_k = is.top_k;
        if (changed({"stop"})) sampling.stop = is.stop;
    }

    void apply_thinking(Conversation& c) const {
        const Text display = c.thinking ? c.thinking->display : Text();
        c.thinking = decoded_.thinking;
        c.effort = decoded_.effort;
        if (c.thinking) c.thinking->display = display;
    }

    // What Chat does not know is for the provider, whose language the script speaks there.
    void apply_unknown(EditedRequest& out) const {
        chat::Extras& extras = out.conversation.extras;
        const bool own = extras.from == Protocol::openai_chat;
        if (own) extras.members = decoded_.extras.members;
        for (const auto& [key, raw] : decoded_.extras.members) {
            // What a client of Chat said of itself is for Chat alone.
            if (own && !changed({key.decode()})) continue;
            out.members.push_back(
                json::set_value(json::pointer_to(key.decode()), std::string(raw)));
        }
    }

    View before_, after_;
    const Conversation& decoded_;
};

// The name is a tool's identity: an edited one keeps what its form in Chat does not show.
std::vector<chat::Tool> edited_tools(const Conversation& before, const OpenAiView& view, View shown,
                                     View after, std::vector<chat::Tool> decoded) {
    const auto name_of = [](View tool) { return tool["function"]["name"].text().decode(); };
    std::vector<std::string> was, is, old_names, new_names;
    std::vector<std::string_view> raws;
    for (const View tool : shown.elements()) {
        was.push_back(meaning_of(tool));
        old_names.push_back(name_of(tool));
    }
    for (const View tool : after.elements()) {
        is.push_back(meaning_of(tool));
        new_names.push_back(name_of(tool));
        raws.push_back(tool.raw());
    }
    const auto origins = align(was, is, [&](std::size_t i, std::size_t j) {
        return !new_names[j].empty() && old_names[i] == new_names[j];
    });
    std::vector<chat::Tool> out;
    std::size_t read = 0;  // of the decoded
    std::size_t next = 0;  // of those that the view does not show
    const auto silent_until = [&](std::size_t place) {
        for (; next < place; ++next) {
            if (before.tools[next].placeholder) out.push_back(before.tools[next]);
        }
    };
    for (std::size_t j = 0; j < origins.size(); ++j) {
        const auto [from, same] = origins[j];
        if (from) silent_until(view.tools[*from]);
        // A choice among allowed tools leaves the others out.
        if (read == decoded.size() || decoded[read].raw != raws[j]) continue;
        chat::Tool& tool = decoded[read++];
        if (same) {
            out.push_back(before.tools[view.tools[*from]]);
            continue;
        }
        if (from && !tool.strict) tool.strict = before.tools[view.tools[*from]].strict;
        out.push_back(std::move(tool));
    }
    silent_until(before.tools.size());
    return out;
}

// A system message that a script puts beside the prompt is part of it: Messages' own clients mean
// every later system turn to stand where it stands.
void join_prompt(Conversation& c) {
    const auto is_system = [](const chat::Turn& turn) { return turn.role == chat::Role::system; };
    const auto is_new = [&c](const chat::Turn& turn) {
        return turn.extras.from == Protocol::openai_chat && c.extras.from != Protocol::openai_chat;
    };
    std::vector<chat::Turn>& turns = c.turns;
    while (turns.size() > 1 && is_system(turns[0]) && is_system(turns[1])) {
        if (!is_new(turns[0]) && !is_new(turns[1])) return;
        chat::Turn& prompt = turns[0];
        if (is_new(prompt)) prompt.extras = turns[1].extras;
        prompt.parts.insert(prompt.parts.end(), turns[1].parts.begin(), turns[1].parts.end());
        turns.erase(turns.begin() + 1);
    }
}

std::string without_messages(View after) {
    std::string out = "{\"messages\":" + std::string(kNobody);
    for (const auto member : after.members()) {
        if (member.named("messages")) continue;
        out.append(",").append(member.key_node.raw()).append(":").append(member.value.raw());
    }
    return out + "}";
}

Error told(Error error) {
    return make_error(ErrorKind::config,
                      fmt::format("a transformer of yours made a request that Chat Completions "
                                  "does not know: {}",
                                  error.message));
}

Result<EditedRequest> edit(const Conversation& before, const OpenAiView& view,
                           std::string_view after_text) {
    EditedRequest out;
    out.conversation = chat::settings_of(before);
    json::Document shown_document, after_document, rest_document;
    TRY(const View shown, shown_document.parse(view.text));
    TRY(const View after, after_document.parse(out.conversation.arena.keep(after_text)));
    MessageEdit messages(before, view, out.decoded);
    TRY(out.conversation.turns, messages.run(shown["messages"], after["messages"]));
    const std::string_view rest = out.conversation.arena.keep(without_messages(after));
    TRY(const View settings, rest_document.parse(rest));
    TRY(Conversation decoded, wire::codec_of(Protocol::openai_chat)->decode_request(settings, {}));
    out.conversation.tools =
        edited_tools(before, view, shown["tools"], after["tools"], std::move(decoded.tools));
    Settings(shown, after, decoded).apply(out);
    join_prompt(out.conversation);
    out.decoded.push_back(std::move(decoded.arena));
    return out;
}

}  // namespace

Result<EditedRequest> edited(const Conversation& before, const OpenAiView& view,
                             std::string_view after) {
    auto out = edit(before, view, after);
    if (!out) return std::unexpected(told(std::move(out).error()));
    return out;
}

bool is_own_request(std::string_view after) {
    json::Document document;
    const auto root = document.parse(after);
    return !root || !(*root)["messages"].is_array();
}

}  // namespace ccr::plugin
