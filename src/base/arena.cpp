#include "base/arena.h"

#include <cstring>

namespace ccr {

std::string_view Arena::keep(std::string_view bytes) {
    if (bytes.empty()) return {};
    char* room = allocate(bytes.size());
    std::memcpy(room, bytes.data(), bytes.size());
    return {room, bytes.size()};
}

}  // namespace ccr
