#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset bedrock() {
    config::Preset p;
    p.name = "bedrock";
    p.title = "Amazon Bedrock";
    p.sources = {
        "https://docs.aws.amazon.com/bedrock/latest/APIReference/"
        "API_runtime_InvokeModelWithResponseStream.html",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/"
        "model-parameters-anthropic-claude-messages-request-response.html",
        "https://platform.claude.com/docs/en/build-with-claude/vision"};
    p.read_on = "2026-11-27";
    p.wires = {{Protocol::anthropic, ""}};
    p.key_variable = "AWS_BEARER_TOKEN_BEDROCK";
    p.quirks = {
        "Claude takes images as base64 only: those by URL are loaded for it.",
        "A request's body may have 20 MB.",
        "Sonnet 4.5 and Haiku 4.5 take `temperature` or `top_p`, not both.",
        "Signed with AWS credentials, or with a Bedrock key; `aws` in the provider names the "
        "region."};
    return p;
}

}  // namespace ccr::adapt::presets
