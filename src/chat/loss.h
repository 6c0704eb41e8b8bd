// Loss: something that a translation could not carry. Recorded, never silent.
#pragma once

#include <string>
#include <vector>

namespace ccr::chat {

struct Loss {
    std::string where;  // a path in the source request: "tools[3]", "messages[2].content[0]"
    std::string what;   // the field or block
    std::string why;    // one clause
};

using Losses = std::vector<Loss>;

}  // namespace ccr::chat
