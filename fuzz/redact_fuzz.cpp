// The redactor under any bytes: it survives them, what it leaves stood there in that order, and a
// known secret that is put into them at any place does not come out again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/redact.h"

namespace {

bool stands_in_order(std::string_view clean, std::string_view text) {
    constexpr std::string_view kMask = "[redacted]";
    std::size_t from = 0;
    while (true) {
        const std::size_t mask = clean.find(kMask);
        const std::string_view piece = clean.substr(0, mask);
        const std::size_t found = text.find(piece, from);
        if (found == std::string_view::npos) return false;
        from = found + piece.size();
        if (mask == std::string_view::npos) return true;
        clean.remove_prefix(mask + kMask.size());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string kSecret = [] {
        std::string secret = "s3cret/value+with \"signs\"";
        ccr::redact::set_secrets({secret});
        return secret;
    }();
    std::string text(reinterpret_cast<const char*>(data), size);
    if (!stands_in_order(ccr::redact::text(text), text)) std::abort();
    text.insert(size == 0 ? 0 : data[0] % (size + 1), kSecret);
    if (ccr::redact::text(text).find(kSecret) != std::string::npos) std::abort();
    return 0;
}
