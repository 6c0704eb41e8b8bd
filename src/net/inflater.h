// Inflater: a gzip or deflate body in pieces, decoded in pieces of bounded size however far they
// grow. One body, one thread.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"

namespace ccr::net {

class Inflater {
  public:
    static constexpr std::size_t kPiece = 64 * 1024;

    /// Whether content of that coding (lower case; RFC 9110, 8.4.1) can be decoded.
    static bool knows(std::string_view coding);

    Inflater();
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// More of the body, which must live until take() has returned nothing.
    void give(std::string_view bytes);
    /// The next decoded bytes, valid until the next call; empty when more of the body is needed or
    /// nothing is left. Error: upstream_protocol, its message the bare reason.
    Result<std::string_view> take();
    /// The coding's own end was reached.
    bool ended() const { return ended_; }

  private:
    struct State;
    std::unique_ptr<State> state_;
    bool ended_ = false;
};

}  // namespace ccr::net
