#include "gateway/target_wire.h"

#include "adapt/plan.h"

namespace ccr::gateway {

const wire::Codec& codec_for(const config::Provider& provider, const std::string& model) {
    const wire::Codec* own = wire::codec_of(adapt::speaks(provider, model));
    return own ? *own : *wire::codec_of(provider.speaks);
}

bool is_claude_on_a_platform(const config::Provider& provider) {
    return provider.speaks == Protocol::anthropic &&
           (provider.platform == config::Platform::vertex ||
            provider.platform == config::Platform::bedrock);
}

}  // namespace ccr::gateway
