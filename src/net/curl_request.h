// CurlRequest: turns a ClientRequest into the options of one easy handle and owns what libcurl only
// points to: the header list and the place the body is read from. Must live as long as the transfer
// runs.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/curl_library.h"
#include "net/http_client.h"
#include "net/proxy_rules.h"

namespace ccr::net {

class CurlRequest {
  public:
    /// Sets everything but the callbacks for the answer. Errors: config for a URL, header, method
    /// or proxy that cannot be used. `easy` must be fresh or reset.
    Result<void> apply(CURL* easy, const ClientRequest& request,
                       const ProxyEnvironment& environment);

    /// Makes a body that is still being sent independent of the caller's bytes.
    void keep_rest_of_body();

    const std::string& endpoint() const { return endpoint_; }
    const std::string& proxy() const { return proxy_; }
    std::chrono::milliseconds connect_time() const { return connect_time_; }
    /// `public_only` refused an address that the host's name stands for.
    bool met_private_address() const { return met_private_address_; }

  private:
    struct FreeList {
        void operator()(curl_slist* list) const { curl().slist_free_all(list); }
    };

    Result<void> set_headers(CURL* easy, const Headers& headers);
    Result<void> set_proxy(CURL* easy, const Endpoint& to, std::string_view proxy);
    void set_body(CURL* easy, const ClientRequest& request);
    bool append(const std::string& line);
    static std::size_t read_body(char* into, std::size_t size, std::size_t count, void* self);
    static int seek_body(void* self, curl_off_t offset, int origin);
    Result<void> set_guard(CURL* easy, std::string_view proxy);
    static curl_socket_t open_public(void* self, curlsocktype purpose, curl_sockaddr* address);

    std::unique_ptr<curl_slist, FreeList> headers_;
    std::string endpoint_;
    std::string proxy_;  // host:port for messages
    std::chrono::milliseconds connect_time_{0};
    BodyView body_;
    std::size_t sent_ = 0;  // of body_, when it is read piece by piece
    bool in_pieces_ = false;
    bool met_private_address_ = false;
    std::string rest_;
};

}  // namespace ccr::net
