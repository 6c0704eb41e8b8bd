// Reasons: the response headers x-ccr-route and x-ccr-reasons, for who asks for them - by
// Router.reasons, or a request by x-ccr-reasons: 1.
//
// Lives in one request's coroutine.
#pragma once

#include "net/headers.h"
#include "route/route.h"

namespace ccr::gateway {

class Reasons {
  public:
    explicit Reasons(const net::Headers& asked) : asked_(asked) {}

    void decided(const route::Facts& facts, const route::Decision& decision,
                 const config::Config& config);
    /// One more, of what came after the decision.
    void note(std::string_view reason);
    /// This target is tried now.
    void attempt(const route::Attempt& target);
    /// Adds them, if they are wanted, to an answer's headers.
    void add_to(net::Headers& headers) const;

  private:
    const net::Headers& asked_;
    bool wanted_ = false;
    std::string route_, reasons_;
};

}  // namespace ccr::gateway
