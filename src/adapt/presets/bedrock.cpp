#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset bedrock() {
    config::Preset p;
    p.name = "bedrock";
    p.title = "Amazon Bedrock";
    p.sources = {
        "https://docs.aws.amazon.com/bedrock/latest/APIReference/"
        "API_runtime_InvokeModelWithResponseStream.html"};
    p.wires = {{Protocol::anthropic, ""}};
    p.key_variable = "AWS_BEARER_TOKEN_BEDROCK";
    p.quirks = {
        "Signed with AWS credentials, or with a Bedrock key; `aws` in the provider names the "
        "region."};
    return p;
}

}  // namespace ccr::adapt::presets
