// CurlTransfer: one request and its answer on a libcurl multi. Collects what libcurl hands out and
// lets one coroutine at a time wait for it.
//
// The io_context's thread only. Held by shared_ptr: a waiting coroutine keeps it alive, so its
// owner may let go of it at any time. libcurl's callbacks only store and notify; no coroutine runs
// inside them.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/async.h"
#include "net/curl_multi_driver.h"
#include "net/curl_request.h"
#include "net/response_head.h"
#include "net/wakeup.h"

namespace ccr::net {

class CurlTransfer final : public CurlJob {
  public:
    using Ptr = std::shared_ptr<CurlTransfer>;
    /// Received bytes that nobody read: more are not taken from the socket.
    static constexpr std::size_t kMostUnread = 256 * 1024;

    explicit CurlTransfer(std::shared_ptr<CurlMultiDriver> driver);
    ~CurlTransfer() override;

    /// Never fails by itself: what is wrong comes out of status().
    void start(const ClientRequest& request, const ProxyEnvironment& environment);

    static Task<Result<int>> status(Ptr self, Deadline deadline);
    static Task<Result<std::string_view>> next(Ptr self, Deadline deadline);
    void abort();

    const Headers& headers() const { return head_.headers(); }
    Clock::time_point last_byte() const { return last_byte_; }

  private:
    void on_done(CURLcode result) override;
    void on_close() override;

    static std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* self);
    static std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* self);

    void set_answer_options();
    Result<void> run(const ClientRequest& request, const ProxyEnvironment& environment);
    void end(Error error);
    void drop(Error error);
    void resume_receiving();
    Error failure(CURLcode code) const;
    static Task<Result<void>> wait(Ptr self, Deadline deadline);

    std::shared_ptr<CurlMultiDriver> driver_;
    CURL* easy_ = nullptr;  // while the transfer runs
    CurlRequest request_;
    ResponseHead head_;
    std::string unread_;   // received, not yet handed out
    std::string handed_;   // what the last next() returned
    bool paused_ = false;  // libcurl was told to stop receiving
    bool ended_ = false;
    std::optional<Error> error_;    // why it ended; none for a clean end
    std::optional<Error> refusal_;  // our own reason for stopping libcurl
    Clock::time_point last_byte_;
    Wakeup wakeup_;
    std::array<char, CURL_ERROR_SIZE> words_{};  // libcurl's text for a failure
};

}  // namespace ccr::net
