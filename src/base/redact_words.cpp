#include "base/redact_words.h"

#include <algorithm>

namespace ccr::redact {

Words::Words(std::vector<std::string> literals) : literals_(std::move(literals)) {
    std::erase_if(literals_, [](const std::string& literal) { return literal.size() < 2; });
    std::sort(literals_.begin(), literals_.end());
    literals_.erase(std::unique(literals_.begin(), literals_.end()), literals_.end());
    if (literals_.empty()) return;
    shortest_ = literals_.front().size();
    for (const std::string& literal : literals_) shortest_ = std::min(shortest_, literal.size());
    shortest_ = std::min<std::size_t>(shortest_, 250);

    const auto last_block = [this](const std::string& literal) {
        return block_of(literal[shortest_ - 2], literal[shortest_ - 1]);
    };
    std::stable_sort(
        literals_.begin(), literals_.end(),
        [&](const std::string& a, const std::string& b) { return last_block(a) < last_block(b); });
    jump_.fill(static_cast<std::uint8_t>(shortest_ - 1));
    for (const std::string& literal : literals_) {
        ++bucket_[last_block(literal) + 1];
        for (std::size_t i = 1; i < shortest_; ++i) {
            std::uint8_t& jump = jump_[block_of(literal[i - 1], literal[i])];
            jump = std::min(jump, static_cast<std::uint8_t>(shortest_ - 1 - i));
        }
    }
    for (std::size_t block = 1; block <= kBlocks; ++block) bucket_[block] += bucket_[block - 1];
}

}  // namespace ccr::redact
