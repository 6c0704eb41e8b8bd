#include "gateway/target_wire.h"

#include "adapt/plan.h"
#include "gateway/authorization.h"

namespace ccr::gateway {

const wire::Codec& codec_for(const config::Provider& provider, const std::string& model) {
    const wire::Codec* own = wire::codec_of(adapt::speaks(provider, model));
    return own ? *own : *wire::codec_of(provider.speaks);
}

wire::Target target_for(const config::Provider& provider, std::string_view model, bool stream) {
    const config::Traits traits = config::traits_of(provider, model);
    wire::Target target{provider.name, model, provider.base_url, key_for_codec(provider), stream};
    target.cache_marks = traits.cache_marks.value_or(false);
    target.cache_key = traits.cache_key.value_or(false);
    return target;
}

bool is_claude_on_a_platform(const config::Provider& provider) {
    return provider.speaks == Protocol::anthropic &&
           (provider.platform == config::Platform::vertex ||
            provider.platform == config::Platform::bedrock);
}

}  // namespace ccr::gateway
