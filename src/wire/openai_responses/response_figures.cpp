// Shapes: API reference, "The response object", usage and incomplete_details.
#include "wire/openai_responses/response_figures.h"

#include <algorithm>

namespace ccr::wire::openai_responses {

using chat::StopReason;
using json::View;

chat::Usage decode_usage(View usage) {
    chat::Usage out;
    const View input = usage["input_tokens_details"];
    out.cache_read = input["cached_tokens"].integer();
    out.cache_write = input["cache_write_tokens"].integer();  // OpenRouter
    out.output = usage["output_tokens"].integer();
    out.reasoning = usage["output_tokens_details"]["reasoning_tokens"].integer();
    if (const auto whole = usage["input_tokens"].integer()) {
        out.input = std::max<std::int64_t>(
            0, *whole - out.cache_read.value_or(0) - out.cache_write.value_or(0));
    }
    return out;
}

StopReason stop_reason_of(View response) {
    if (!response["status"].text().equals("incomplete")) return StopReason::end_turn;
    return response["incomplete_details"]["reason"].text().equals("content_filter")
               ? StopReason::refusal
               : StopReason::max_tokens;
}

}  // namespace ccr::wire::openai_responses
