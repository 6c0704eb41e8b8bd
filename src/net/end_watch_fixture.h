// EndWatch: an upstream that begins an answer, falls silent and notes when the client's connection
// ends. For a path with "/finite" in it, it sends 40 pieces of 5 bytes over 200 ms instead, and
// ends well.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>

#include "net/http_client.h"
#include "net/scripted_upstream_fixture.h"

namespace ccr::net {

class EndWatch {
  public:
    explicit EndWatch(SSL_CTX* tls = nullptr)
        : upstream(
              [this](Peer& peer) {
                  const std::string head = peer.read_head();
                  if (head.find("/finite") != std::string::npos) return finite(peer);
                  peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  peer.send("5\r\nfirst\r\n");
                  const auto end = peer.wait_for_end(std::chrono::seconds(5));
                  if (end) seen_.set_value(*end);
              },
              tls) {}
    /// When the client's connection ended; six seconds from now when it does not.
    std::chrono::steady_clock::time_point seen() {
        auto end = seen_.get_future();
        const bool ended = end.wait_for(std::chrono::seconds(6)) == std::future_status::ready;
        return ended ? end.get() : std::chrono::steady_clock::now();
    }

  private:
    static void finite(Peer& peer) {
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 40; ++i) {
            peer.send("5\r\nlines\r\n");
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        peer.send("0\r\n\r\n");
        peer.wait_for_end(std::chrono::seconds(5));
    }
    std::promise<std::chrono::steady_clock::time_point> seen_;

  public:
    ScriptedUpstream upstream;
};

inline double milliseconds(std::chrono::steady_clock::duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

/// What the promise is about: the upstream sees a cancelled transfer's end within so many
/// milliseconds.
inline constexpr double kMostMilliseconds = 50;

/// The first result that keeps the promise, or the last of three: a machine busy with other things
/// may be late once.
inline double promptest(const std::function<double(int)>& attempt) {
    double late = 0;
    for (int i = 0; i < 3; ++i) {
        late = attempt(i);
        if (late < kMostMilliseconds) break;
    }
    return late;
}

enum class How { destroy, abort };

inline void cancel(std::unique_ptr<ClientResponse>& response, How how) {
    if (how == How::abort) {
        response->abort();
    } else {
        response.reset();
    }
}

}  // namespace ccr::net
