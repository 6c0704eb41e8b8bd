#include "net/http_client.h"

#include <utility>

#include "net/curl_library.h"
#include "net/curl_transfer.h"
#include "net/direct_transfer.h"
#include "net/proxy_rules.h"

namespace ccr::net {

namespace {

template <typename Transfer>
class TransferResponse final : public ClientResponse {
  public:
    explicit TransferResponse(std::shared_ptr<Transfer> transfer)
        : transfer_(std::move(transfer)) {}
    ~TransferResponse() override { transfer_->abort(); }
    TransferResponse(const TransferResponse&) = delete;
    TransferResponse& operator=(const TransferResponse&) = delete;

    Task<Result<int>> status(Deadline deadline) override {
        return Transfer::status(transfer_, deadline);
    }
    const Headers& headers() const override { return transfer_->headers(); }
    Task<Result<std::string_view>> next(Deadline deadline) override {
        return Transfer::next(transfer_, deadline);
    }
    void abort() override { transfer_->abort(); }
    Clock::time_point last_byte() const override { return transfer_->last_byte(); }

  private:
    std::shared_ptr<Transfer> transfer_;
};

}  // namespace

class HttpClient::Impl {
  public:
    Impl(asio::io_context& context, Engine which)
        : driver(std::make_shared<CurlMultiDriver>(context)),
          pool(std::make_shared<DirectPool>(context)),
          engine(which) {}

    std::shared_ptr<CurlMultiDriver> driver;
    std::shared_ptr<DirectPool> pool;
    DirectRoutes routes{ProxyEnvironment::read()};
    Engine engine;
};

bool needs_libcurl(const ClientRequest& request) {
    return !direct_route(request, ProxyEnvironment::read());
}

Result<void> load_libcurl() {
    return load_curl();
}

HttpClient::HttpClient(asio::io_context& context, Engine engine)
    : impl_(std::make_shared<Impl>(context, engine)) {}

HttpClient::~HttpClient() {
    impl_->driver->close();
    impl_->pool->close();
}

std::unique_ptr<ClientResponse> HttpClient::start(const ClientRequest& request) {
    if (auto route = impl_->engine == Engine::fastest ? impl_->routes.of(request) : nullptr) {
        auto transfer = std::make_shared<DirectTransfer>(impl_->pool);
        transfer->start(request, std::move(route));
        return std::make_unique<TransferResponse<DirectTransfer>>(std::move(transfer));
    }
    auto transfer = std::make_shared<CurlTransfer>(impl_->driver);
    transfer->start(request, impl_->routes.environment());
    return std::make_unique<TransferResponse<CurlTransfer>>(std::move(transfer));
}

}  // namespace ccr::net
