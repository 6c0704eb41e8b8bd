#include "cli/preset_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>

#include "cli/terminal.h"
#include "config/nearest.h"
#include "manifest/condition.h"
#include "manifest/question.h"

namespace ccr::cli {
namespace {

using manifest::Choice;
using manifest::Json;
using manifest::Question;

std::string shown(const Json& value) {
    if (value.is_null()) return "";
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (!value.is_array()) return value.is_string() ? value.get<std::string>() : value.dump();
    std::string out;
    for (const Json& each : value) out += (out.empty() ? "" : ",") + shown(each);
    return out;
}

// A secret that was given before is not shown; the name of a variable is none.
std::string offered(const Question& question, const Json& value) {
    const std::string text = shown(value);
    const bool hides = question.type == "password" && !text.empty() && !text.starts_with('$');
    return hides ? "as before" : text;
}

Result<std::string> read_line() {
    std::string line;
    if (std::getline(std::cin, line)) return line;
    return fail(ErrorKind::invalid_request, "Nothing was entered; nothing is done.");
}

void list_choices(const std::vector<Choice>& choices) {
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const Choice& choice = choices[i];
        fmt::print(stderr, "  {:>2}) {}{}{}\n", i + 1, printable(choice.label),
                   choice.description.empty() ? "" : "  " + printable(choice.description),
                   choice.disabled ? "  (not available)" : "");
    }
}

// "2" is the second choice; a text that is a choice is itself.
std::string chosen(const std::string& text, const std::vector<Choice>& choices) {
    std::string out;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string word = text.substr(begin, end - begin);
        const bool is_number = !word.empty() && word.size() < 4 &&
                               word.find_first_not_of("0123456789") == std::string::npos;
        const std::size_t number = is_number ? std::stoul(word) : 0;
        const bool counts = number >= 1 && number <= choices.size();
        out += (out.empty() ? "" : ",") + (counts ? shown(choices[number - 1].value) : word);
        begin = end + 1;
    }
    return out;
}

Result<std::string> typed(const Question& question, const std::vector<Choice>& choices,
                          const std::string& offer) {
    const std::string prompt =
        fmt::format("{}{}:", printable(question.title()), offer.empty() ? "" : " [" + offer + "]");
    if (question.type == "password") return ask_secret(prompt);
    list_choices(choices);
    fmt::print(stderr, "{} ", prompt);
    std::fflush(stderr);
    TRY(std::string line, read_line());
    return choices.empty() ? line : chosen(line, choices);
}

// A value that is no text (a number in a list of choices) is found by how it is shown.
Json as_chosen(Json answer, const std::vector<Choice>& choices) {
    if (answer.is_array()) {
        for (Json& each : answer) each = as_chosen(each, choices);
        return answer;
    }
    for (const Choice& choice : choices) {
        if (shown(choice.value) == shown(answer)) return choice.value;
    }
    return answer;
}

Result<Json> judged(const Question& question, const std::string& text,
                    const std::vector<Choice>& choices) {
    TRY(Json answer, manifest::answer_of_text(question, text));
    answer = as_chosen(std::move(answer), choices);
    TRY_DO(manifest::check_answer(question, answer, choices));
    return answer;
}

/// Until an answer will do; an empty line takes what is offered.
Result<Json> ask(const Question& question, const std::vector<Choice>& choices, const Json& offer) {
    for (;;) {
        TRY(const std::string text, typed(question, choices, offered(question, offer)));
        if (text.empty() && (!offer.is_null() || !question.required)) return offer;
        auto answer = text.empty() ? Result<Json>(fail(ErrorKind::config, "an answer is wanted"))
                                   : judged(question, text, choices);
        if (answer) return answer;
        fmt::print(stderr, "  {}\n", answer.error().message);
    }
}

class Collecting {
  public:
    Collecting(const manifest::Manifest& manifest, bool asks) : manifest_(manifest), asks_(asks) {}

    Result<Json> run(const std::vector<std::string>& set) {
        TRY_DO(take(set));
        const Json before = manifest_.answers();
        answers_ = before;
        for (const Question& question : manifest::questions_of(manifest_)) {
            if (!manifest::holds(question.when, answers_)) {
                answers_.erase(question.id);
                continue;
            }
            TRY_DO(answer(question, before.value(question.id, question.default_value)));
        }
        if (missing_.empty()) return std::move(answers_);
        return fail(ErrorKind::config,
                    fmt::format("these questions have no answer:{}\nGive them as --set ID=VALUE.",
                                missing_));
    }

  private:
    Result<void> take(const std::vector<std::string>& set) {
        std::vector<std::string> known;
        for (const Question& question : manifest::questions_of(manifest_))
            known.push_back(question.id);
        for (const std::string& one : set) {
            const std::size_t sign = one.find('=');
            if (sign == std::string::npos || sign == 0)
                return fail(ErrorKind::invalid_request,
                            fmt::format("--set takes ID=VALUE, not \"{}\"", one));
            const std::string id = one.substr(0, sign);
            if (std::ranges::find(known, id) == known.end())
                return fail(ErrorKind::invalid_request,
                            fmt::format("--set {}: the preset asks no such question{}", id,
                                        config::did_you_mean(config::nearest(id, known))));
            set_[id] = one.substr(sign + 1);
        }
        return {};
    }

    Result<void> answer(const Question& question, const Json& offer) {
        const auto choices = manifest::choices_of(question, manifest_, answers_);
        if (const auto given = set_.find(question.id); given != set_.end()) {
            TRY(answers_[question.id], judged(question, given->second, choices));
            return {};
        }
        if (asks_) {
            TRY(Json value, ask(question, choices, offer));
            put(question, std::move(value));
            return {};
        }
        if (manifest::check_answer(question, offer, choices))
            put(question, offer);
        else
            missing_ +=
                fmt::format("\n  {}  {}", printable(question.id), printable(question.title()));
        return {};
    }

    void put(const Question& question, Json value) {
        if (value.is_null())
            answers_.erase(question.id);
        else
            answers_[question.id] = std::move(value);
    }

    const manifest::Manifest& manifest_;
    bool asks_;
    std::map<std::string, std::string> set_;
    Json answers_ = Json::object();
    std::string missing_;
};

}  // namespace

Result<Json> collect_answers(const manifest::Manifest& manifest,
                             const std::vector<std::string>& set, bool asks) {
    return Collecting(manifest, asks).run(set);
}

}  // namespace ccr::cli
