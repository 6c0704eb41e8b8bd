#include "wire/context_overflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/text_case.h"

namespace ccr::wire {
namespace {

constexpr long long kLeastSize =
    512;  // smaller figures are no window and no conversation worth refusing

struct Figure {
    long long value = 0;
    std::string_view before, after;  // the text up to it and behind it, lower case
    bool in_breakdown = false;       // one of several figures within one pair of brackets
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
}

// "gpt-4-0613" and "70b" hold digits that count nothing.
bool is_part_of_name(std::string_view text, std::size_t begin, std::size_t end) {
    if (end < text.size() && is_letter(text[end])) return true;
    if (begin == 0) return false;
    const char before = text[begin - 1];
    return is_letter(before) || before == '-' || before == '.';
}

// A number with or without thousands separators; one that cannot be a count reads as 0.
long long read_figure(std::string_view text, std::size_t& at) {
    long long value = 0;
    int digits = 0;
    const auto separates = [&](std::size_t i) {
        return text[i] == ',' && i + 1 < text.size() && is_digit(text[i + 1]);
    };
    for (; at < text.size() && (is_digit(text[at]) || separates(at)); ++at) {
        if (text[at] != ',' && ++digits <= 15) value = value * 10 + (text[at] - '0');
    }
    return digits <= 15 ? value : 0;
}

// "(62000 in the messages, 8000 in the completion)": figures that sum up to one named before.
void mark_breakdowns(std::string_view text, std::vector<Figure>& figures) {
    std::vector<Figure*> inside;
    const auto close_bracket = [&] {
        for (Figure* figure : inside) figure->in_breakdown = inside.size() > 1;
        inside.clear();
    };
    std::size_t next = 0;
    bool open = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (next < figures.size() && figures[next].before.size() == i) {
            if (open) inside.push_back(&figures[next]);
            ++next;
        }
        if (text[i] == '(') open = true;
        if (text[i] == ')') close_bracket(), open = false;
    }
}

std::vector<Figure> figures_in(std::string_view text) {
    std::vector<Figure> out;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        const long long value = read_figure(text, at);
        if (!is_part_of_name(text, begin, at))
            out.push_back({value, text.substr(0, begin), text.substr(at)});
    }
    mark_breakdowns(text, out);
    return out;
}

template <std::size_t N>
bool begins_with_any(std::string_view text, const std::array<std::string_view, N>& phrases) {
    return std::ranges::any_of(phrases,
                               [&](std::string_view phrase) { return text.starts_with(phrase); });
}

// The part of a breakdown that was asked for as the answer.
bool counts_answer(const Figure& figure) {
    static constexpr auto kBehind = std::to_array<std::string_view>(
        {" in the completion", " in the output", " for the completion", " for the output",
         " output tokens", " `max_new_tokens`"});
    return begins_with_any(figure.after, kBehind) || figure.before.ends_with("is too large: ");
}

bool counts_input(const Figure& figure) {
    static constexpr auto kBehind = std::to_array<std::string_view>(
        {" in the messages", " of text input", " of tool input", " of image input", " input tokens",
         " `inputs` tokens", " in your prompt", " in the prompt"});
    return begins_with_any(figure.after, kBehind);
}

struct Sizes {
    long long input = 0, answer = 0;  // where the message tells them apart
    long long whole = 0, limit = 0;   // what was asked for, what there is; 0 = not told
};

Sizes sizes_of(const std::vector<Figure>& figures) {
    Sizes out;
    const auto is_size = [](const Figure& figure) {
        return !figure.in_breakdown && figure.value >= kLeastSize;
    };
    for (const Figure& figure : figures) {
        if (counts_answer(figure))
            out.answer = std::max(out.answer, figure.value);
        else if (counts_input(figure))
            out.input += figure.value;
        if (is_size(figure)) out.whole = std::max(out.whole, figure.value);
    }
    out.whole = std::max(out.whole, out.input + out.answer);
    for (const Figure& figure : figures) {
        const bool has_role = counts_answer(figure) || counts_input(figure);
        if (is_size(figure) && !has_role && figure.value < out.whole)
            out.limit = std::max(out.limit, figure.value);
    }
    return out;
}

}  // namespace

bool says_context_overflow(std::string_view message) {
    static constexpr auto kPhrases = std::to_array<std::string_view>({
        "prompt is too long",
        "input is too long",
        "context_length_exceeded",
        "context length exceeded",
        "exceed context limit",
        "maximum context length",
        "exceeds the context window",
        "context window exceeds",
        "context window of",
        "exceeds the maximum number of tokens",    // Gemini
        "exceeds the available context size",      // llama.cpp
        "exceed_context_size",                     // ... its type
        "longer than the maximum model length",    // vLLM
        "longer than the model's context length",  // SGLang
        "maximum prompt length",                   // xAI
        "prompt exceeds max length",               // Z.ai
        "exceeded model token limit",              // Moonshot
        "range of input length should be",         // DashScope
        "`inputs` tokens + `max_new_tokens`",      // text-generation-inference
        "prompt token count of",                   // GitHub
        "too many tokens",
    });
    const std::string text = lower_case(message);
    return std::ranges::any_of(
        kPhrases, [&](std::string_view phrase) { return text.find(phrase) != std::string::npos; });
}

std::string overflow_wording(std::string_view message) {
    const std::string text = lower_case(message);
    const bool in_our_words = text.find(" tokens > ") != std::string::npos &&
                              text.find("prompt is too long: ") != std::string::npos;
    if (in_our_words || text.find("exceed context limit") != std::string::npos)
        return std::string(message);
    const std::vector<Figure> figures = figures_in(text);
    const Sizes sizes = sizes_of(figures);
    if (sizes.limit == 0) return "Input is too long.";
    const bool answer_alone = sizes.answer > 0 && sizes.input > 0 && sizes.input < sizes.limit;
    if (answer_alone) {
        return fmt::format(
            "input length and `max_tokens` exceed context limit: {} + {} > {}, decrease input "
            "length or `max_tokens` and try again",
            sizes.input, sizes.answer, sizes.limit);
    }
    return fmt::format("prompt is too long: {} tokens > {} maximum", sizes.whole, sizes.limit);
}

}  // namespace ccr::wire
