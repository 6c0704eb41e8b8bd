// ScriptedResponse: a provider's answer after the user's transformers, as if the provider had sent
// it so.
//
// One thread. Bytes go through as they come: each way at most a window of them is under way, so
// that a slow client is felt by the plugin, and a slow plugin by the provider. An answer that is no
// 2xx passes as it is.
#pragma once

#include <memory>

#include "net/http_client.h"
#include "net/wakeup.h"
#include "plugin/link.h"

namespace ccr::plugin {

class ScriptedResponse final : public net::ClientResponse {
  public:
    /// `call`: whose result said that answers pass it.
    ScriptedResponse(net::asio::io_context& context, std::unique_ptr<net::ClientResponse> from,
                     std::unique_ptr<HostCall> call);
    ~ScriptedResponse() override;

    net::Task<Result<int>> status(net::Deadline deadline) override;
    const net::Headers& headers() const override;
    net::Task<Result<std::string_view>> next(net::Deadline deadline) override;
    void abort() override;
    net::Clock::time_point last_byte() const override { return pump_->from->last_byte(); }

  private:
    /// What carries the provider's bytes to the host; it may outlive the response by a moment.
    struct Pump {
        Pump(net::asio::io_context& context, std::unique_ptr<net::ClientResponse> response)
            : from(std::move(response)), room(context) {}
        std::unique_ptr<net::ClientResponse> from;
        net::Wakeup room;
        HostCall* call = nullptr;
        std::size_t under_way = 0;
        std::optional<Error> broke;
    };
    static net::Task<void> run(std::shared_ptr<Pump> pump);
    void begin(int status);
    Result<void> on_opened(const KeptFrame& frame);
    void on_taken(const KeptFrame& frame);
    Error failure(Error error) const;
    net::Task<Result<HostCall::Waited>> frame(net::Deadline deadline);

    net::asio::io_context& context_;
    std::shared_ptr<Pump> pump_;
    std::unique_ptr<HostCall> call_;
    bool passes_ = false;  // as it is
    bool begun_ = false;
    bool ended_ = false;
    int status_ = 0;  // of the plugin's answer, once it is known
    net::Headers headers_;
    std::string bytes_;
};

}  // namespace ccr::plugin
