#include "store/restored.h"

#include <algorithm>
#include <optional>
#include <span>

#include "json/document.h"

namespace ccr::store {
namespace {

using chat::Part;
using chat::Reasoning;
using json::View;

std::optional<Protocol> protocol_named(json::Text name) {
    for (const Protocol protocol : {Protocol::anthropic, Protocol::openai_chat,
                                    Protocol::openai_responses, Protocol::gemini}) {
        if (name.equals(name_of(protocol))) return protocol;
    }
    return std::nullopt;
}

struct Remembered {
    std::vector<Part> before_prose, before_call;
};

bool is_sealed(const Part& part) {
    const auto* reasoning = part.as<Reasoning>();
    return reasoning && (!reasoning->seal.empty() || !reasoning->details.empty());
}

bool has_seal(const Remembered& remembered) {
    return std::ranges::any_of(remembered.before_prose, is_sealed) ||
           std::ranges::any_of(remembered.before_call, is_sealed);
}

std::optional<Part> part_of(View item) {
    const auto protocol = protocol_named(item["wire"].text());
    if (!protocol) return std::nullopt;
    Reasoning reasoning;
    reasoning.text = item["text"].text();
    reasoning.seal = item["seal"].text();
    reasoning.redacted = item["redacted"].boolean().value_or(false);
    reasoning.from = {*protocol, item["provider"].text(), item["field"].text()};
    reasoning.details = item["details"].raw();
    Part part;
    part.extras.from = *protocol;
    part.body = reasoning;
    return part;
}

Remembered read(const std::string& text, Arena& arena) {
    Remembered out;
    json::Document document;
    const auto root = document.parse(arena.keep(text));
    if (!root) return out;
    for (const View item : root->elements()) {
        const auto part = part_of(item);
        if (!part) continue;
        const bool far = item["before_prose"].boolean().value_or(false);
        (far ? out.before_prose : out.before_call).push_back(*part);
    }
    return out;
}

// Reasoning that the client kept whole needs nothing; what it kept without seal or origin gives way
// to the original.
bool kept_by_client(std::span<const Part> run, const Remembered& remembered,
                    const std::string& provider) {
    const bool sealed = has_seal(remembered);
    return std::ranges::any_of(run, [&](const Part& part) {
        const auto* reasoning = part.as<Reasoning>();
        return reasoning && (sealed ? is_sealed(part) : reasoning->from.provider.equals(provider));
    });
}

bool holds_seal(std::span<const Part> parts, json::Text seal) {
    return !seal.empty() && std::ranges::any_of(parts, [&](const Part& part) {
        const auto* reasoning = part.as<Reasoning>();
        return reasoning && reasoning->seal == seal;
    });
}

// Flat protocols' clients have all their reasoning in front of the first call.
bool kept_in_front(std::span<const Part> before, const Remembered& remembered) {
    const auto is_there = [&](const Part& part) {
        return holds_seal(before, part.as<Reasoning>()->seal);
    };
    return std::ranges::any_of(remembered.before_prose, is_there) ||
           std::ranges::any_of(remembered.before_call, is_there);
}

// Some protocols carry reasoning and its call as items of their own, hence as turns: what stands at
// the end of the assistant's turn before belongs to the first call of this one.
std::vector<Part> carried_over(const chat::Conversation& conversation, std::size_t turn) {
    std::vector<Part> out;
    if (turn == 0 || conversation.turns[turn - 1].role != chat::Role::assistant) return out;
    for (const Part& part : conversation.turns[turn - 1].parts) {
        if (part.as<chat::ToolCall>())
            out.clear();
        else
            out.push_back(part);
    }
    return out;
}

void append_run(std::span<const Part> run, const Remembered* remembered, std::vector<Part>& out) {
    if (remembered)
        out.insert(out.end(), remembered->before_prose.begin(), remembered->before_prose.end());
    for (const Part& part : run) {
        if (!remembered || !part.as<Reasoning>()) out.push_back(part);
    }
    if (remembered)
        out.insert(out.end(), remembered->before_call.begin(), remembered->before_call.end());
}

}  // namespace

Restored::Restored(chat::Conversation& conversation, SignatureStore& signatures,
                   const CallScope& scope)
    : conversation_(conversation) {
    for (std::size_t i = 0; i < conversation.turns.size(); ++i) {
        if (conversation.turns[i].role == chat::Role::assistant) restore(i, signatures, scope);
    }
}

void Restored::restore(std::size_t turn, SignatureStore& signatures, const CallScope& scope) {
    std::vector<Part>& parts = conversation_.turns[turn].parts;
    std::vector<Part> out;
    std::size_t run_begin = 0;  // after the last call
    const std::size_t calls_before = calls_;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto* call = parts[i].as<chat::ToolCall>();
        if (!call) continue;
        const std::span<const Part> run(parts.data() + run_begin, i - run_begin);
        std::optional<Remembered> remembered;
        if (const auto found = signatures.find(scope, *call))
            remembered = read(*found, conversation_.arena);
        const bool kept =
            remembered && (kept_by_client(run, *remembered, scope.provider) ||
                           kept_in_front(std::span(parts).first(i), *remembered) ||
                           (run_begin == 0 && kept_by_client(carried_over(conversation_, turn),
                                                             *remembered, scope.provider)));
        if (kept) remembered.reset();
        append_run(run, remembered ? &*remembered : nullptr, out);
        out.push_back(parts[i]);
        calls_ += remembered.has_value();
        run_begin = i + 1;
    }
    if (calls_ == calls_before) return;
    append_run(std::span<const Part>(parts).subspan(run_begin), nullptr, out);
    before_.emplace_back(turn, std::exchange(parts, std::move(out)));
}

Restored::~Restored() {
    for (auto& [turn, parts] : before_) conversation_.turns[turn].parts = std::move(parts);
}

}  // namespace ccr::store
