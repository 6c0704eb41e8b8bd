#include "tokens/pre_tokenizer.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace ccr::tokens {
namespace {

std::unexpected<Error> beyond_us(std::string_view part, json::View what) {
    constexpr std::size_t kShown = 160;
    std::string shown(what.raw().substr(0, kShown));
    if (what.raw().size() > kShown) shown += "...";
    return fail(ErrorKind::not_supported,
                fmt::format("This tokenizer's {} is none that ccr knows: {}", part, shown));
}

bool is_type(json::View step, std::string_view type) {
    return step["type"].text().equals(type);
}

/// The expression of a Split, with line ends written as escapes; both spellings are about.
std::string regex_of(json::View split) {
    std::string written;
    for (const char c : split["pattern"]["Regex"].text().decode()) {
        if (c == '\r')
            written += "\\r";
        else if (c == '\n')
            written += "\\n";
        else
            written += c;
    }
    return written;
}

/// The steps of a Sequence; of anything else, itself.
std::vector<json::View> steps_of(json::View step, std::string_view list) {
    std::vector<json::View> steps;
    if (!is_type(step, "Sequence")) return {step};
    for (const json::View inner : step[list].elements()) steps.push_back(inner);
    return steps;
}

// ByteLevel cuts with GPT-2's expression unless it is told not to.
bool splits_itself(json::View byte_level) {
    return byte_level["use_regex"].boolean().value_or(true);
}

bool is_split(json::View step) {
    return is_type(step, "Split") && step["pattern"]["Regex"].is_string();
}

// Isolated keeps matches and what is between them; Removed with `invert` keeps the matches, which
// is the same for an expression that leaves nothing between them.
bool keeps_everything(json::View split, bool matches_everything) {
    const bool inverted = split["invert"].boolean().value_or(false);
    if (split["behavior"].text().equals("Isolated")) return !inverted;
    return matches_everything && inverted && split["behavior"].text().equals("Removed");
}

bool is_deepseek(const std::vector<json::View>& splits) {
    const std::string_view expected[] = {kDeepseekNumbers, kDeepseekCjk, kDeepseekWords};
    if (splits.size() != std::size(expected)) return false;
    for (std::size_t i = 0; i < splits.size(); ++i) {
        if (regex_of(splits[i]) != expected[i]) return false;
        if (!keeps_everything(splits[i], false)) return false;
    }
    return true;
}

Result<Pattern> pattern_of_splits(const std::vector<json::View>& splits, json::View whole) {
    for (const json::View split : splits) {
        if (!is_split(split)) return beyond_us("pre-tokenizer step", split);
    }
    if (is_deepseek(splits)) return Pattern::deepseek;
    if (splits.size() != 1) return beyond_us("sequence of splits", whole);
    const auto pattern = pattern_of_regex(regex_of(splits[0]));
    if (!pattern) return beyond_us("splitting expression", splits[0]["pattern"]);
    if (!keeps_everything(splits[0], true)) return beyond_us("kind of split", splits[0]);
    return *pattern;
}

}  // namespace

Result<Pattern> pattern_of_pre_tokenizer(json::View pre_tokenizer) {
    std::vector<json::View> steps = steps_of(pre_tokenizer, "pretokenizers");
    if (steps.empty() || !is_type(steps.back(), "ByteLevel"))
        return beyond_us("pre-tokenizer", pre_tokenizer);
    const json::View byte_level = steps.back();
    steps.pop_back();
    if (byte_level["add_prefix_space"].boolean().value_or(true))
        return beyond_us("leading space (add_prefix_space)", byte_level);
    if (!splits_itself(byte_level)) return pattern_of_splits(steps, pre_tokenizer);
    if (!steps.empty()) return beyond_us("pre-tokenizer step", steps.front());
    return Pattern::gpt2;
}

Result<bool> composes(json::View normalizer) {
    if (!normalizer.is_object()) return false;
    bool composed = false;
    for (const json::View step : steps_of(normalizer, "normalizers")) {
        if (!is_type(step, "NFC")) return beyond_us("normalizer", step);
        composed = true;
    }
    return composed;
}

}  // namespace ccr::tokens
