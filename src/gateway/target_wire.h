// The wire of one target: which codec speaks to a provider's model. Pure.
#pragma once

#include <string>

#include "config/config.h"
#include "wire/codec.h"

namespace ccr::gateway {

/// A transformer at model level may name a protocol of its own; one that is not spoken gives way.
const wire::Codec& codec_for(const config::Provider& provider, const std::string& model);

/// A provider's model as its codec knows it: views into both arguments.
wire::Target target_for(const config::Provider& provider, std::string_view model, bool stream);

/// Claude at Google or Amazon: its protocol, with the version in the body and the model in the
/// address.
bool is_claude_on_a_platform(const config::Provider& provider);

}  // namespace ccr::gateway
