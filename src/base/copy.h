// Copies of long runs of bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace ccr {

/// Pieces short enough to be copied by vector registers: beyond some kilobytes glibc hands over to
/// an instruction (`rep movsb`) that is ten times as slow on some processors when source and target
/// lie at nearly the same offset of their pages (glibc bug 30994).
inline constexpr std::size_t kCopyPiece = 2048;

inline void copy_bytes(char* to, std::string_view from) {
    for (std::size_t at = 0; at < from.size(); at += kCopyPiece)
        std::memcpy(to + at, from.data() + at, std::min(kCopyPiece, from.size() - at));
}

/// Appends `from`, of which no byte may be in `to`.
inline void append_bytes(std::string& to, std::string_view from) {
    if (from.size() <= kCopyPiece) {
        to.append(from);
        return;
    }
    const std::size_t size = to.size();
    const std::size_t whole = size + from.size();
    // What g++ 12 passes as the size is the capacity where the string has grown.
    to.resize_and_overwrite(whole, [&](char* bytes, std::size_t) {
        copy_bytes(bytes + size, from);
        return whole;
    });
}

}  // namespace ccr
