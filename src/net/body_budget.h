// How many bytes of request bodies a server holds in memory, and the share of one request.
//
// Any thread; a share belongs to one request and gives back what it took when it ends,
// or before.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace ccr::net {

struct BodyBudget {
    std::size_t most = 0;  // 0 = no limit
    std::atomic<std::size_t> taken{0};
};

class BodyShare {
  public:
    explicit BodyShare(BodyBudget& budget) : budget_(budget) {}
    ~BodyShare() { budget_.taken -= bytes_; }
    void give_back() { budget_.taken -= std::exchange(bytes_, 0); }
    BodyShare(const BodyShare&) = delete;
    BodyShare& operator=(const BodyShare&) = delete;

    /// False, and nothing is taken, when all requests together would hold too much.
    bool take(std::size_t bytes) {
        if (bytes == 0) return true;
        const std::size_t before = budget_.taken.fetch_add(bytes);
        if (budget_.most > 0 && before + bytes > budget_.most) {
            budget_.taken -= bytes;
            return false;
        }
        bytes_ += bytes;
        return true;
    }

  private:
    BodyBudget& budget_;
    std::size_t bytes_ = 0;
};

}  // namespace ccr::net
