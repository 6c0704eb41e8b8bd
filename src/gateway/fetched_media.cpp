#include "gateway/fetched_media.h"

#include <algorithm>

namespace ccr::gateway {
namespace {

constexpr std::chrono::hours kLife{1};

}  // namespace

FetchedFilePtr FetchedMedia::find(const std::string& url, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(url);
    if (found == kept_.end() || now - found->second.at > kLife) return nullptr;
    return found->second.file;
}

void FetchedMedia::keep(const std::string& url, FetchedFilePtr file, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const std::size_t size = file->base64.size();
    if (size > most_bytes_) return;
    if (const auto before = kept_.find(url); before != kept_.end()) {
        bytes_ -= before->second.file->base64.size();
        kept_.erase(before);
    }
    while (bytes_ + size > most_bytes_) drop_oldest();
    bytes_ += size;
    kept_.emplace(url, Kept{std::move(file), now});
}

void FetchedMedia::drop_oldest() {
    const auto oldest =
        std::ranges::min_element(kept_, {}, [](const auto& entry) { return entry.second.at; });
    bytes_ -= oldest->second.file->base64.size();
    kept_.erase(oldest);
}

}  // namespace ccr::gateway
