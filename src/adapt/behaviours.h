// The transformers of the reference that are behaviour and not data.
#pragma once

#include <memory>

#include "adapt/adapter.h"

namespace ccr::adapt {

/// `tooluse`: the model must call a tool in every turn, one of which ends the work.
std::unique_ptr<Adapter> tool_use();

/// `forcereasoning`: thinking asked for and read back as tagged text.
std::unique_ptr<Adapter> force_reasoning();

/// `enhancetool`: tool arguments mended while they stream, against the tool's schema.
std::unique_ptr<Adapter> enhance_tool();

}  // namespace ccr::adapt
