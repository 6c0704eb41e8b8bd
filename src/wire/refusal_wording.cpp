#include "wire/refusal_wording.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text_case.h"

namespace ccr::wire {
namespace {

struct Wording {
    std::string_view subject;  // must be there, ...
    std::string_view verdict;  // ... and this as well; "" = the subject says it all
    std::string_view words;
};

// As the client looks for them: it drops the image, the document, the effort or the format and asks
// again.
constexpr std::string_view kImage = "Could not process image";
constexpr std::string_view kDocument = "This model does not support PDF input";
constexpr std::string_view kEffort = "This model does not support the effort parameter";
constexpr std::string_view kFormat = "output_config.format: Extra inputs are not permitted";

constexpr auto kWordings = std::to_array<Wording>({
    {"support image input", "", kImage},  // OpenRouter, Xiaomi: "No endpoints found that ..."
    {"image_url is only supported", "", kImage},  // OpenAI: "... by certain models"
    {"unknown variant `image_url`", "", kImage},  // DeepSeek and other servers written in Rust
    {"image", "not support image", kImage},
    {"image", "not supported by this model", kImage},
    {"image input is not supported", "", kImage},  // llama.cpp
    {"not a multimodal model", "", kImage},        // vLLM
    {"support file input", "", kDocument},         // OpenRouter
    {"unknown variant `file`", "", kDocument},
    {"not support pdf", "", kDocument},
    {"reasoning_effort", "not support", kEffort},  // Groq, xAI
    {"reasoning_effort", "unsupported", kEffort},  // OpenAI: "Unsupported parameter: ..."
    {"reasoning.effort", "unsupported", kEffort},
    {"reasoning_effort", "unrecognized", kEffort},
    {"reasoning_effort", "not permitted", kEffort},  // Mistral: "Extra inputs are not permitted"
    {"response_format", "unavailable", kFormat},     // DeepSeek
    {"response_format", "not support", kFormat},
    {"response_format", "unsupported", kFormat},
    {"text.format", "not support", kFormat},
});

}  // namespace

std::string_view refusal_wording(std::string_view message) {
    const std::string text = lower_case(message);
    const auto fits = [&](const Wording& wording) {
        return text.find(wording.subject) != std::string::npos &&
               text.find(wording.verdict) != std::string::npos;
    };
    const auto found = std::ranges::find_if(kWordings, fits);
    return found == kWordings.end() ? std::string_view() : found->words;
}

}  // namespace ccr::wire
