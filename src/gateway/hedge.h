// Hedge: the same question to two targets, the second one when the first has brought nothing for a
// while. Whose content comes first answers the client; the other is cancelled at once. The terms
// are gRPC's (https://grpc.io/docs/guides/request-hedging): a delay, and an answer that wins.
//
// Each of the two asks with a copy of the call, in a coroutine of its own, until it has something
// to commit to; then the request's own coroutine goes on with the winner. Lives in that coroutine,
// which waits for both.
#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <memory>
#include <optional>

#include "gateway/call.h"
#include "gateway/client_stream.h"
#include "net/wakeup.h"
#include "route/route.h"

namespace ccr::gateway {

/// Whether `hedge` of the configuration is for this request.
bool is_to_be_hedged(const Call& call, const route::Decision& decision);

class Hedge {
  public:
    /// `stream`: the client's half, nullptr for a whole answer. All references, and the targets'
    /// providers, must outlive this.
    Hedge(Call& call, const route::Attempt& first, const route::Attempt& second,
          ClientStream* stream);
    ~Hedge();

    /// Asks and delivers. Error: no answer, and then it is the first target's; or the winner's
    /// broke off and another upstream may go on.
    net::Task<Result<void>> run();

    using Side = std::size_t;
    static constexpr Side kFirst = 0, kSecond = 1;
    /// Whose answer the client got.
    bool won_by_second() const { return winner_ == kSecond; }
    /// What a target failed with that did not win; nullopt: it did not fail, or was not asked.
    std::optional<Error> failure_of(Side side) const;

  private:
    class Contender;

    void launch(Side side);
    net::Task<Result<void>> race();
    net::Task<Result<void>> wait();
    bool is_over();
    bool is_asked(Side side) const { return contenders_[side] != nullptr; }
    bool is_running(Side side) const;
    void call_off(Side side);
    void client_left();
    net::Clock::time_point last_byte() const;
    void tell() const;

    Call& call_;
    std::array<route::Attempt, 2> targets_;
    ClientStream* stream_;
    net::asio::any_io_executor executor_;
    std::shared_ptr<net::Wakeup> news_;
    std::array<std::shared_ptr<Contender>, 2> contenders_;
    std::optional<Side> winner_;
    const net::Clock::time_point began_ = net::Clock::now();
    net::Clock::time_point second_asked_ = began_;
};

}  // namespace ccr::gateway
