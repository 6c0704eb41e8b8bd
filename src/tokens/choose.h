// Which counter belongs to a provider's model: what its configuration asks for, else by name.
//
// Any thread. Tables and tokenizer files are loaded at the first use and kept for the process; a
// file that cannot be used is looked at again after a minute, not on every request.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/config.h"
#include "tokens/count.h"

namespace ccr::tokens {

/// A counter, and a sentence on how it was chosen.
struct Choice {
    std::shared_ptr<const Counter> counter;
    std::string why;
};

/// For a model of `provider` (nullptr: of nobody's). A configured tokenizer that cannot be had
/// gives way to what the name says; `why` tells.
Choice choose_counter(const config::Provider* provider, std::string_view model);

/// What `tokenizer` of a provider says of a model; nullptr where it says nothing.
const config::TokenizerChoice* configured_tokenizer(const config::Provider& provider,
                                                    std::string_view model);

/// The encoding that a person names: cl100k_base, o200k_base, or the path of a tokenizer.json.
Result<std::shared_ptr<const Encoding>> encoding_named(const std::string& name);

/// cl100k for GPT-4 and GPT-3.5, o200k for everything else: the nearest there is.
std::shared_ptr<const Encoding> encoding_of_model(std::string_view model);

}  // namespace ccr::tokens
