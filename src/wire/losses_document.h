// docs/losses.md, made of the codecs' tables of what they cannot carry.
//
// Pure, any thread.
#pragma once

#include <string>

namespace ccr::wire {

std::string losses_document();

}  // namespace ccr::wire
