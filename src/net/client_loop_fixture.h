// ClientLoop: runs an HttpClient step by step, so that tests read as plain sequences of calls.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "net/http_client.h"

namespace ccr::net {

inline Deadline within(std::chrono::milliseconds time) {
    return Clock::now() + time;
}

/// A whole answer, or how far it came.
struct Fetched {
    int status = 0;
    Headers headers;
    std::string body;
    std::optional<Error> error;
    std::size_t pieces = 0;
};

class ClientLoop {
  public:
    /// Of loops made from now on.
    static inline Engine engine = Engine::fastest;

    ClientLoop();
    ~ClientLoop();

    HttpClient& client() { return *client_; }
    asio::io_context& context() { return *context_; }
    std::unique_ptr<ClientResponse> start(const ClientRequest& request) {
        return client_->start(request);
    }
    std::unique_ptr<ClientResponse> get(std::string url);

    Result<int> status(ClientResponse& response,
                       Deadline deadline = within(std::chrono::seconds(20)));
    Result<std::string> next(ClientResponse& response,
                             Deadline deadline = within(std::chrono::seconds(20)));
    Fetched fetch(const ClientRequest& request);
    Fetched rest(ClientResponse& response);  // status and all of the body
    /// Lets the loop run for a while with nobody waiting.
    void idle(std::chrono::milliseconds time);

    void destroy_client() { client_.reset(); }
    void destroy_context() { context_.reset(); }

  private:
    template <typename T>
    T run(Task<T> task);

    std::unique_ptr<asio::io_context> context_;
    std::unique_ptr<HttpClient> client_;
};

ClientRequest get_request(std::string url);

/// Tests that hold whatever carries the requests.
class WithEachEngine : public testing::TestWithParam<Engine> {
  protected:
    WithEachEngine() { ClientLoop::engine = GetParam(); }
    ~WithEachEngine() override { ClientLoop::engine = Engine::fastest; }
};

inline auto each_engine() {
    return testing::Values(Engine::fastest, Engine::libcurl);
}
inline std::string engine_name(const testing::TestParamInfo<Engine>& info) {
    return info.param == Engine::fastest ? "fastest" : "libcurl";
}

}  // namespace ccr::net
