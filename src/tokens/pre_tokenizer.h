// Which of our splitters a tokenizer.json's pre-tokenizer is, and whether text is composed before.
//
// Any thread; pure.
#pragma once

#include "base/error.h"
#include "json/document.h"
#include "tokens/splitter.h"

namespace ccr::tokens {

/// Error: not_supported naming the part that none of our splitters is.
Result<Pattern> pattern_of_pre_tokenizer(json::View pre_tokenizer);

/// Whether the normalizer is normal form C, or there is none. Error: not_supported naming it.
Result<bool> composes(json::View normalizer);

}  // namespace ccr::tokens
