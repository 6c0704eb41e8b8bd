// Questions: small requests in Anthropic's words, each for one thing that a model can do or not,
// and how their answers are judged. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "doctor/own_gateway.h"

namespace ccr::doctor {

enum class Streamed : bool { no, yes };

/// `target`: "provider,model". One word is asked for; `most` bounds the answer, with what is
/// thought before it.
std::string plain_question(std::string_view target, Streamed streamed, std::int64_t most = 1024);
/// Two calls of one tool, at once.
std::string tools_question(std::string_view target, Streamed streamed);
/// The colour of an image that has one only.
std::string image_question(std::string_view target, Streamed streamed);
/// `is_adaptive`: without a budget, as newer models of Anthropic's want it.
std::string thinking_question(std::string_view target, Streamed streamed, bool is_adaptive);

/// How many calls of the tool it made whose arguments can be read.
std::size_t calls_of(const Reply& reply);
/// Whether `model` saw the image; nullopt where its answer does not tell.
std::optional<bool> saw_image(const Reply& reply, std::string_view model);

}  // namespace ccr::doctor
