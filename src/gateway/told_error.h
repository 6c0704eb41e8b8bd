// ToldError: of all errors of a request's tries the one that its client is told - one that is worth
// its own retry before one that is not, then the asked target's before a fallback's, then the last.
//
// A plain value.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"

namespace ccr::gateway {

class ToldError {
  public:
    void hear(const Error& error, bool of_asked_target) {
        const int rank = 2 * (is_worth_a_retry(error) ? 1 : 0) + (of_asked_target ? 1 : 0);
        if (rank < rank_) return;
        auto sooner = error.retry_after;
        if (rank == rank_ && error_->retry_after)
            sooner = std::min(sooner.value_or(*error_->retry_after), *error_->retry_after);
        rank_ = rank;
        error_ = error;
        error_->retry_after = sooner;
    }
    Error take() { return std::move(*error_); }

  private:
    static bool is_worth_a_retry(const Error& error) {
        return error.kind == ErrorKind::rate_limit || error.kind == ErrorKind::overloaded ||
               error.kind == ErrorKind::upstream_timeout;
    }
    std::optional<Error> error_;
    int rank_ = -1;
};

}  // namespace ccr::gateway
