#include "net/http_client.h"

#include <utility>

#include "net/curl_transfer.h"
#include "net/proxy_rules.h"

namespace ccr::net {

namespace {

class CurlResponse final : public ClientResponse {
  public:
    explicit CurlResponse(CurlTransfer::Ptr transfer) : transfer_(std::move(transfer)) {}
    ~CurlResponse() override { transfer_->abort(); }
    CurlResponse(const CurlResponse&) = delete;
    CurlResponse& operator=(const CurlResponse&) = delete;

    Task<Result<int>> status(Deadline deadline) override {
        return CurlTransfer::status(transfer_, deadline);
    }
    const Headers& headers() const override { return transfer_->headers(); }
    Task<Result<std::string_view>> next(Deadline deadline) override {
        return CurlTransfer::next(transfer_, deadline);
    }
    void abort() override { transfer_->abort(); }
    Clock::time_point last_byte() const override { return transfer_->last_byte(); }

  private:
    CurlTransfer::Ptr transfer_;
};

}  // namespace

class HttpClient::Impl {
  public:
    explicit Impl(asio::io_context& context) : driver(std::make_shared<CurlMultiDriver>(context)) {}

    std::shared_ptr<CurlMultiDriver> driver;
    ProxyEnvironment environment = ProxyEnvironment::read();
};

HttpClient::HttpClient(asio::io_context& context) : impl_(std::make_shared<Impl>(context)) {}

HttpClient::~HttpClient() {
    impl_->driver->close();
}

std::unique_ptr<ClientResponse> HttpClient::start(const ClientRequest& request) {
    auto transfer = std::make_shared<CurlTransfer>(impl_->driver);
    transfer->start(request, impl_->environment);
    return std::make_unique<CurlResponse>(std::move(transfer));
}

}  // namespace ccr::net
