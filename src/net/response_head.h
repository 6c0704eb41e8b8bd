// ResponseHead: collects the head of an answer from its lines, one by one. Interim (1xx) heads are
// read over and trailers are ignored. Content codings are decoded by whoever fills it, and so do
// not show. One answer, one thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "net/headers.h"

namespace ccr::net {

class ResponseHead {
  public:
    static constexpr std::size_t kMaxBytes = 256 * 1024;

    /// Takes one line with its end. False when the head grows over kMaxBytes.
    bool take(std::string_view line);

    bool complete() const { return complete_; }
    int status() const { return status_; }
    const Headers& headers() const { return headers_; }

  private:
    void start(std::string_view line);
    void finish();

    Headers headers_;
    std::size_t bytes_ = 0;
    int status_ = 0;
    bool complete_ = false;
};

}  // namespace ccr::net
