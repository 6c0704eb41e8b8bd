#include "wire/refusal_wording.h"

#include <gtest/gtest.h>

#include <regex>

#include "wire/relay_fixture.h"
#include "wire/upstream_error.h"

namespace ccr::wire {
namespace {

struct Refusal {
    const char* provider;
    int status;
    const char* message;
    const char* client_looks_for;  // as Claude Code 2.1 does, without case; "" = no class of its
};
void PrintTo(const Refusal& refusal, std::ostream* out) {
    *out << refusal.provider << ": " << refusal.message;
}

class RefusalWording : public testing::TestWithParam<Refusal> {};

TEST_P(RefusalWording, IsWhatTheClientLooksFor) {
    const Refusal& refusal = GetParam();
    const Error error = upstream_error(refusal.status, refusal.message, kTestTarget);
    EXPECT_NE(error.message.find(refusal.message), std::string::npos) << "its own words are lost";
    if (*refusal.client_looks_for == '\0') {
        EXPECT_TRUE(error.message.starts_with(refusal.message)) << error.message;
        return;
    }
    EXPECT_EQ(error.status, 400);
    EXPECT_EQ(error.retry, Retry::next_target);
    EXPECT_TRUE(
        std::regex_search(error.message, std::regex(refusal.client_looks_for, std::regex::icase)))
        << error.message;
}

constexpr const char* kImage = "could not process image";
constexpr const char* kDocument = "does not support pdf input";
constexpr const char* kEffort = "effort parameter.*not support|not support.*effort parameter";
constexpr const char* kFormat = "output_config\\.format: extra inputs are not permitted";

INSTANTIATE_TEST_SUITE_P(
    Providers, RefusalWording,
    testing::Values(
        Refusal{"OpenRouter", 404, "No endpoints found that support image input", kImage},
        Refusal{"OpenAI", 400,
                "Invalid content type. image_url is only supported by certain models.", kImage},
        Refusal{"DeepSeek", 400,
                "Failed to deserialize the JSON body into the target type: messages[7]: unknown "
                "variant `image_url`, expected `text` at line 1 column 114708",
                kImage},
        Refusal{"Ollama", 400, "this model does not support images", kImage},
        Refusal{"vLLM", 400, "acme/text-7b is not a multimodal model", kImage},
        Refusal{"OpenRouter", 404, "No endpoints found that support file input", kDocument},
        Refusal{"Groq", 400, "reasoning_effort is not supported with this model", kEffort},
        Refusal{"OpenAI", 400,
                "Unsupported parameter: 'reasoning_effort' is not supported with this model.",
                kEffort},
        Refusal{"OpenAI, Responses", 400,
                "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
                kEffort},
        Refusal{"DeepSeek", 400, "This response_format type is unavailable now", kFormat},
        Refusal{"Groq", 400,
                "This model does not support response format `json_schema` (response_format)",
                kFormat},
        Refusal{"anyone", 404, "The model `acme-9` does not exist", ""},
        Refusal{"anyone", 400, "messages[2].content must not be empty", ""},
        Refusal{"anyone", 401, "This key does not support image input", ""},
        Refusal{"anyone", 429, "Rate limit reached for image input: not supported", ""}));

}  // namespace
}  // namespace ccr::wire
