#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "manifest/question.h"

namespace ccr::manifest {
namespace {

constexpr std::size_t kLongestForPatterns = 4096;  // std::regex recurses by the length of its text

std::unexpected<Error> refused(const Question& question, std::string_view why) {
    return fail(ErrorKind::config, fmt::format("{}: {}", question.title(), why));
}

bool is_empty(const Json& answer) {
    return answer.is_null() || answer == Json("") || (answer.is_array() && answer.empty());
}

Result<void> check_number(const Question& question, const Json& answer) {
    if (!answer.is_number()) return refused(question, "a number is wanted");
    const double number = answer.get<double>();
    if (question.least && number < *question.least)
        return refused(question, fmt::format("at least {} is wanted", *question.least));
    if (question.most && number > *question.most)
        return refused(question, fmt::format("at most {} is wanted", *question.most));
    return {};
}

Result<void> check_pattern(const Question& question, const std::string& text) {
    if (question.validator.empty()) return {};
    if (text.size() > kLongestForPatterns) return refused(question, "the answer is too long");
    try {
        const std::regex pattern(question.validator, std::regex::ECMAScript);
        if (std::regex_search(text, pattern)) return {};
    } catch (const std::regex_error&) {
        return refused(
            question,
            fmt::format("its validator \"{}\" is no regular expression; tell the preset's author",
                        question.validator));
    }
    return refused(question, fmt::format("the answer should match {}", question.validator));
}

Result<void> check_choice(const Question& question, const Json& answer,
                          const std::vector<Choice>& choices) {
    if (choices.empty()) return {};
    const auto found = std::ranges::find(choices, answer, &Choice::value);
    if (found != choices.end() && !found->disabled) return {};
    std::string known;
    for (const Choice& choice : choices) {
        if (choice.disabled) continue;
        known += known.empty() ? "" : ", ";
        known += choice.value.is_string() ? choice.value.get<std::string>() : choice.value.dump();
    }
    return refused(question, fmt::format("choose one of {}", known));
}

}  // namespace

Result<void> check_answer(const Question& question, const Json& answer,
                          const std::vector<Choice>& choices) {
    if (is_empty(answer)) {
        if (!question.required) return {};
        return refused(question, "an answer is wanted");
    }
    if (question.type == "number") return check_number(question, answer);
    if (question.type == "confirm")
        return answer.is_boolean() ? Result<void>() : refused(question, "yes or no is wanted");
    if (question.type == "select") return check_choice(question, answer, choices);
    if (question.type == "multiselect") {
        if (!answer.is_array()) return refused(question, "a list is wanted");
        for (const Json& each : answer) {
            TRY_DO(check_choice(question, each, choices));
        }
        return {};
    }
    if (!answer.is_string()) return refused(question, "a text is wanted");
    return check_pattern(question, answer.get_ref<const std::string&>());
}

}  // namespace ccr::manifest
