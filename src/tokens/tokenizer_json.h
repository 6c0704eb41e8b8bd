// Reads the tokenizer.json of Hugging Face: byte-level BPE as Qwen, DeepSeek, Llama 3, GLM and
// GPT-2 have it.
//
// What decides the numbers - normalizer, pre-tokenizer, vocabulary, merges - is either understood
// exactly or refused by name; nothing is approximated. Added tokens are left out, because their
// text in a prompt is ordinary text, and so is the post-processor. Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "tokens/encoding.h"

namespace ccr::tokens {

/// The encoding that the JSON text describes. Error: config where it is no such file; not_supported
/// naming the part that is beyond us. `name` is for messages and answers.
Result<std::shared_ptr<const Encoding>> parse_tokenizer_json(std::string_view text,
                                                             std::string name);

/// The same of a file. Error: also config where it cannot be read.
Result<std::shared_ptr<const Encoding>> load_tokenizer_json(const std::string& path,
                                                            std::string name);

}  // namespace ccr::tokens
