// Question: one entry of a manifest's `schema`: what its user is asked, when, and which answers
// will do.
//
// Plain values and pure functions; any thread. They own what they hold.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "manifest/manifest.h"

namespace ccr::manifest {

struct Question {
    std::string id;
    std::string
        type;  // password, input, select, multiselect, confirm, editor, number; others are input
    std::string label, prompt, placeholder;
    std::string validator;  // a regular expression (ECMAScript), "" = none
    Json options;           // a list, or an object that says where the choices come from
    Json when;
    Json default_value;
    bool required = true;
    std::optional<double> least, most;  // of a number
    std::vector<std::string> depends_on;

    /// What it is called: the prompt, else the label, else the id.
    const std::string& title() const;
};

struct Choice {
    std::string label;
    Json value;
    std::string description;
    bool disabled = false;
};

/// In the order of asking: after those it depends on, else as written; a circle is cut. Entries
/// without an id are left out.
std::vector<Question> questions_of(const Manifest& manifest);

/// The choices of a select or multiselect under the answers so far: its own, the preset's
/// providers, or the models of the provider that another answer names.
std::vector<Choice> choices_of(const Question& question, const Manifest& manifest,
                               const Json& answers);

/// Error (kind config): why the answer will not do, naming the question. An answer that is not
/// required may be empty.
Result<void> check_answer(const Question& question, const Json& answer,
                          const std::vector<Choice>& choices);

/// The text of a command line as the question's type has it: a number, true or false, a list
/// (commas), or the text.
Result<Json> answer_of_text(const Question& question, const std::string& text);

/// The answers that are in force: those given, and the defaults of questions that are asked and
/// have none. Answers to questions that are not asked are left out; those to no question stay.
Json completed_answers(const Manifest& manifest);

}  // namespace ccr::manifest
