// Webhook: records as requests to a server of the owner's, one after the other.
//
// On the reporter's thread; shared, because what is under way goes on when settings change. A
// server that does not keep up costs records, the oldest first, never memory.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include "config/token_speed.h"
#include "net/http_client.h"
#include "report/outlet.h"

namespace ccr::report {

class Webhook : public Outlet, public std::enable_shared_from_this<Webhook> {
  public:
    static constexpr std::size_t kMostWaiting = 100;

    struct Settings {
        std::string name;  // for messages
        config::WebhookOutput target;
        config::TokenSpeed form;
        std::string proxy;  // as net::ClientRequest has it
    };
    /// `context` and `client` must outlive what is under way.
    Webhook(net::asio::io_context& context, net::HttpClient& client, Settings settings);

    void take(const Record& record) override;
    bool is_idle() const override { return !running_; }

  private:
    struct Message {
        std::string request, body;
        bool is_final = false;
    };
    void make_room();
    static net::Task<void> run(std::shared_ptr<Webhook> self);
    net::Task<void> deliver(const Message& message);
    net::Task<Result<void>> send(const Message& message);
    net::Task<void> pause(int attempt);
    void tell(const Message& message, const Error& error, int attempts);
    void tell_recovery();
    net::ClientRequest request_for(const std::string& body) const;

    net::asio::io_context& context_;
    net::HttpClient& client_;
    const Settings settings_;
    const std::string host_;
    std::deque<Message> waiting_;
    bool running_ = false;
    bool is_behind_ = false;  // and that was said
    std::size_t dropped_ = 0;
    bool is_failing_ = false;  // and that was said
    std::size_t missed_ = 0;   // final records since then
};

}  // namespace ccr::report
