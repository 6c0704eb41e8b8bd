// ScriptedExchange: a client's exchange at an address that one of the user's transformers serves
// (plugin/endpoint.h). What comes is read as a Chat request, what goes out was a Chat answer.
//
// The thread of the exchange that it stands before, which must outlive it; whoever made it waits
// for close() before it goes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/config.h"
#include "gateway/answer_pipe.h"
#include "net/http_server.h"
#include "plugin/endpoint.h"
#include "plugin/scripted_response.h"

namespace ccr::gateway {

/// Which script serves an address.
struct EndpointScript {
    plugin::GrantSet grants;  // views the configuration
    plugin::Endpoint endpoint;
};

/// Who of `config`'s scripts serves `path`; nullopt: none does. Starts hosts where there are
/// scripts, as they alone know. Error (client_gone).
net::Task<Result<std::optional<EndpointScript>>> script_at(net::Exchange& client,
                                                           plugin::Link& scripts,
                                                           const config::Config& config,
                                                           std::string_view path);

class ScriptedExchange final : public net::Exchange {
  public:
    /// All must outlive it; `id` is the request's.
    ScriptedExchange(net::Exchange& client, plugin::Link& scripts, const config::Config& config,
                     const EndpointScript& script, std::string_view id)
        : client_(client), scripts_(scripts), config_(config), script_(script), id_(id) {}

    /// Ends what is under way. Error: the script failed on the answer.
    net::Task<Result<void>> close();

    const net::RequestHead& head() const override { return client_.head(); }
    net::Task<Result<std::string>> read_body(std::size_t limit) override;
    net::Task<Result<void>> send(net::Answer answer) override;
    net::Task<Result<void>> open(int status, net::Headers headers, std::string_view first) override;
    net::Task<Result<void>> write(std::string_view bytes) override;
    net::Task<Result<void>> finish(std::string_view last) override;
    net::Task<Result<void>> send_chunked(int status, net::Headers headers,
                                         std::string_view all) override;
    void abort() override;
    void when_gone(std::function<void()> callback) override {
        client_.when_gone(std::move(callback));
    }
    bool gone() const override { return client_.gone(); }
    bool opened() const override { return passage_ || client_.opened(); }

  private:
    /// The answer's way through the script; the coroutine that carries it holds it, too.
    struct Passage;
    static net::Task<void> carry(std::shared_ptr<Passage> passage);
    /// What whoever writes learns: a script that takes no more is to them a client that has left,
    /// as nobody else would do better.
    Result<void> taken() const;
    void begin(int status, net::Headers headers, bool streams);
    net::Task<Result<void>> settled();

    net::Exchange& client_;
    plugin::Link& scripts_;
    const config::Config& config_;
    const EndpointScript& script_;
    const std::string_view id_;
    std::unique_ptr<plugin::HostCall> call_;  // where the answer passes the script, until it does
    std::shared_ptr<Passage> passage_;
};

}  // namespace ccr::gateway
