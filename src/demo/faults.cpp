#include "demo/faults.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace ccr::demo {
namespace {

constexpr std::int64_t kMostKilobytes = 1024 * 1024;
constexpr std::int64_t kMostSeconds = 3600;
constexpr std::int64_t kGarbageAfter = 2;

char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

std::size_t find_marker(std::string_view text) {
    static constexpr std::string_view kMarker = "demo:";
    const auto same = [](char a, char b) { return lower(a) == b; };
    const auto found = std::ranges::search(text, kMarker, same);
    return found.empty() ? std::string_view::npos
                         : static_cast<std::size_t>(found.end() - text.begin());
}

// Cuts the next word off `rest`; a comma, quote or the like ends it too.
std::string_view next_word(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    const std::size_t end = std::min(rest.find_first_of(" \t\r\n\"'`,;<>()"), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(end);
    return word;
}

std::int64_t next_number(std::string_view& rest, std::int64_t otherwise, std::int64_t most) {
    std::string_view ahead = rest;
    const std::string_view word = next_word(ahead);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error == std::errc::result_out_of_range) return most;
    if (error != std::errc() || value < 0) return otherwise;
    rest = ahead;
    return std::min(value, most);
}

// The object that begins `rest`, up to the brace that closes it; empty when there is none.
std::string_view leading_object(std::string_view rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
    if (!rest.starts_with('{')) return {};
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const char c = rest[i];
        if (quoted && c == '\\')
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == '{')
            ++depth;
        else if (!quoted && c == '}' && --depth == 0)
            return rest.substr(0, i + 1);
    }
    return {};
}

struct FaultWord {
    std::string_view word;
    FaultKind kind;
    std::int64_t otherwise;  // the amount where none is given
    std::int64_t most;
};
constexpr std::array<FaultWord, 9> kFaultWords = {{
    {"slow", FaultKind::slow, 0, 0},
    {"drop", FaultKind::drop, 3, 1'000'000'000},
    {"429", FaultKind::rate_limit, 0, 0},
    {"error", FaultKind::error, 0, 0},
    {"midstream-error", FaultKind::midstream_error, 3, 1'000'000'000},
    {"garbage", FaultKind::garbage, 0, 0},
    {"silence", FaultKind::silence, 30, kMostSeconds},
    {"truncate", FaultKind::truncate, 3, 1'000'000'000},
    {"status", FaultKind::status, 500, 599},
}};

bool read_fault(std::string_view word, std::string_view rest, Phrase& phrase) {
    for (const FaultWord& known : kFaultWords) {
        if (known.word != word) continue;
        phrase.wish = Wish::fault;
        phrase.fault.kind = known.kind;
        phrase.fault.amount = known.most == 0 ? 0 : next_number(rest, known.otherwise, known.most);
        if (known.kind == FaultKind::silence)
            phrase.fault.after = next_number(rest, 0, 1'000'000'000);
        if (known.kind == FaultKind::status)
            phrase.fault.amount = std::max<std::int64_t>(phrase.fault.amount, 400);
        return true;
    }
    return false;
}

void read_wish(std::string_view word, std::string_view rest, Phrase& phrase) {
    if (word == "tool") {
        phrase.wish = Wish::tool;
        phrase.tool = next_word(rest);
        phrase.arguments = leading_object(rest);
    } else if (word == "tools") {
        phrase.wish = Wish::tools;
    } else if (word == "long") {
        phrase.wish = Wish::long_text;
        phrase.kilobytes = next_number(rest, 64, kMostKilobytes);
    } else if (word == "huge") {
        phrase.wish = Wish::huge;
    } else if (word == "help") {
        phrase.wish = Wish::help;
    }
}

}  // namespace

std::optional<Phrase> phrase_in(std::string_view text) {
    const std::size_t at = find_marker(text);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view rest = text.substr(at);
    Phrase phrase;
    phrase.word = next_word(rest);
    while (phrase.word.ends_with('.')) phrase.word.pop_back();
    std::string word = phrase.word;
    std::ranges::transform(word, word.begin(), lower);
    if (!read_fault(word, rest, phrase)) read_wish(word, rest, phrase);
    return phrase;
}

Action before_message(const Fault& fault, std::int64_t index) {
    using std::chrono::milliseconds;
    switch (fault.kind) {
        case FaultKind::slow:
            return {Act::wait, milliseconds(200)};
        case FaultKind::drop:
            return {index >= fault.amount ? Act::drop : Act::send};
        case FaultKind::error:
            return {Act::fail};
        case FaultKind::midstream_error:
            return {index >= fault.amount ? Act::fail : Act::send};
        case FaultKind::garbage:
            return {index >= kGarbageAfter ? Act::garbage : Act::send};
        case FaultKind::truncate:
            return {index >= fault.amount ? Act::end : Act::send};
        case FaultKind::silence:
            if (index == fault.after) return {Act::wait, milliseconds(fault.amount * 1000)};
            return {};
        case FaultKind::none:
        case FaultKind::rate_limit:
        case FaultKind::status:
            break;
    }
    return {};
}

}  // namespace ccr::demo
