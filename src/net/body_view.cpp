#include "net/body_view.h"

#include <algorithm>

#include "base/copy.h"

namespace ccr::net {

BodyView::BodyView(std::vector<std::string_view> pieces) : pieces_(std::move(pieces)) {
    std::erase_if(pieces_, [](std::string_view piece) { return piece.empty(); });
    for (const std::string_view piece : pieces_) size_ += piece.size();
}

std::vector<std::string_view> BodyView::from(std::size_t at) const {
    std::vector<std::string_view> out;
    out.reserve(pieces_.size());
    for (std::string_view piece : pieces_) {
        const std::size_t passed = std::min(at, piece.size());
        piece.remove_prefix(passed);
        at -= passed;
        if (!piece.empty()) out.push_back(piece);
    }
    return out;
}

std::size_t BodyView::copy(char* to, std::size_t count, std::size_t at) const {
    std::size_t done = 0;
    for (const std::string_view piece : from(at)) {
        const std::string_view taken = piece.substr(0, count - done);
        copy_bytes(to + done, taken);
        done += taken.size();
        if (done == count) break;
    }
    return done;
}

std::string BodyView::text(std::size_t at) const {
    std::string out;
    for (const std::string_view piece : from(at)) append_bytes(out, piece);
    return out;
}

}  // namespace ccr::net
