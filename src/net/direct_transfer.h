// DirectTransfer: one request and its answer on a plain HTTP/1.1 connection (RFC 9112), its own or
// one from the pool. The body is sent from where the caller has it, and received bytes are handed
// out where they were read to.
//
// The io_context's thread only. Held by shared_ptr: operations under way keep it alive, so its
// owner may let go of it at any time. Handlers only store and notify; no coroutine runs inside
// them. At most one read is ahead of the reader, which is the back-pressure.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/answer_reader.h"
#include "net/direct_pool.h"
#include "net/direct_route.h"
#include "net/inflater.h"
#include "net/wakeup.h"

namespace ccr::net {

class DirectTransfer final : public DirectJob, public std::enable_shared_from_this<DirectTransfer> {
  public:
    using Ptr = std::shared_ptr<DirectTransfer>;

    explicit DirectTransfer(std::shared_ptr<DirectPool> pool);
    ~DirectTransfer() override;

    /// Never fails by itself: what is wrong comes out of status().
    void start(const ClientRequest& request, DirectRoutes::Route route);

    static Task<Result<int>> status(Ptr self, Deadline deadline);
    static Task<Result<std::string_view>> next(Ptr self, Deadline deadline);
    void abort();

    const Headers& headers() const { return reader_.headers(); }
    Clock::time_point last_byte() const { return last_byte_; }

  private:
    using ErrorCode = boost::system::error_code;

    void on_close() override;
    void connect();
    void connect_to(std::size_t which);
    void on_connected(const ErrorCode& error);
    void on_connect_time_over();
    void send();
    std::vector<asio::const_buffer> unsent() const;
    void let_go_of_request();
    bool receive();
    bool receive_behind(std::size_t count);
    void receive_later();
    void on_glance(const ErrorCode& error, std::size_t count);
    void on_received(std::span<char> bytes);
    void on_connection_end(const ErrorCode& error);
    void on_head();
    Result<std::string_view> ready();
    Error broken(std::string_view why) const;
    void complete();
    void end(std::optional<Error> error);
    void drop_connection();
    static Task<Result<void>> wait(Ptr self, Deadline deadline);

    std::shared_ptr<DirectPool> pool_;
    DirectRoutes::Route route_;
    std::string head_;
    BodyView body_;
    std::string rest_;  // of the body, when the caller's bytes may have gone
    std::size_t sent_ = 0;
    std::chrono::milliseconds connect_time_{0};
    Deadline connect_deadline_ = kNever;  // of the address under way
    std::size_t address_ = 0;
    Clock::time_point began_{};

    std::optional<DirectSocket> socket_;
    unsigned turn_ = 0;  // which socket a handler belongs to
    bool connected_ = false;
    bool reused_ = false;
    bool sending_ = false;     // a handler waits for room to send
    bool receiving_ = false;   // a handler waits for bytes
    bool is_drained_ = false;  // there is nothing to read but what comes from now on
    bool send_failed_ = false;
    int reads_in_a_row_ = 0;  // without a turn of the loop

    AnswerReader reader_;
    std::array<char, 512> glance_{};
    std::unique_ptr<char[]> room_;  // the pool's, while something in it may be unread
    std::string_view unread_;       // the body's part of what was read, not yet handed out
    std::unique_ptr<Inflater> inflater_;
    bool answered_ = false;  // at least one byte came
    bool ended_ = false;
    std::optional<Error> error_;  // why it ended; none for a clean end
    Clock::time_point last_byte_;
    Wakeup wakeup_;
};

}  // namespace ccr::net
