// H2Upstream: an HTTP/2 server for tests, in a child process (node's http2 module), that reports
// what it sees of each stream. Over TLS, or in clear text with prior knowledge.
//
//   GET /endless?n   bytes without end, a few every 5 ms        GET /quiet?n   head, one chunk,
//   then silence GET /finite?n    60 lines, one every 5 ms, then the end     GET /flood?n   bytes
//   as fast as they are taken GET /reset?n     one chunk, then RST_STREAM                 GET
//   /drop?n    one chunk, then the connection closes POST /length     the length of the body
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "net/test_certificate_fixture.h"

namespace ccr::net {

class H2Upstream {
  public:
    enum class Transport { tls, clear };
    H2Upstream(const TestCertificate& certificate, Transport transport);
    ~H2Upstream();
    H2Upstream(const H2Upstream&) = delete;
    H2Upstream& operator=(const H2Upstream&) = delete;

    /// Whether node is installed.
    static bool possible();

    std::string url(const std::string& path) const;
    /// When the upstream saw the end of the stream with that path.
    std::optional<std::chrono::steady_clock::time_point> wait_closed(
        const std::string& path, std::chrono::milliseconds most);
    int count(const std::string& event);  // lines that begin so

  private:
    struct Line {
        std::string text;
        std::chrono::steady_clock::time_point at;
    };
    void read_lines();
    std::optional<Line> wait_line(const std::string& prefix, std::chrono::milliseconds most);

    Transport transport_;
    pid_t child_ = -1;
    int output_ = -1;
    int input_ = -1;  // held open: the child ends when it closes, however the test ends
    std::uint16_t port_ = 0;
    std::mutex guard_;
    std::condition_variable changed_;
    std::vector<Line> lines_;
    std::thread reader_;
};

}  // namespace ccr::net
