#include "net/curl_request.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/copy.h"
#include "net/client_request.h"
#include "net/curl_trust.h"
#include "net/public_address.h"

namespace ccr::net {

namespace {

constexpr long kReceiveBuffer = 64 * 1024;
constexpr std::size_t kSmallBody =
    64 * 1024;  // below this, libcurl sends head and body in one segment
constexpr std::size_t kMostSendBuffer = 1024 * 1024;

void set_connection(CURL* easy, const ClientRequest& request, bool tls) {
    long version = CURL_HTTP_VERSION_1_1;
    if (request.http2) version = tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
    curl().easy_setopt(easy, CURLOPT_HTTP_VERSION, version);
    if (version == CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE) {
        // 7.88 starts HTTP/2 anew on a pooled clear-text connection that speaks it already, and
        // fails.
        curl().easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        curl().easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    }
    curl().easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    // Otherwise a transfer cancelled during a name look-up waits for it, and the whole thread with
    // it.
    curl().easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl().easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl().easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl().easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
    curl().easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 15L);
    curl().easy_setopt(easy, CURLOPT_MAXAGE_CONN, static_cast<long>(kPooledTime.count()));
    curl().easy_setopt(easy, CURLOPT_BUFFERSIZE, kReceiveBuffer);
    const auto most = std::max<long>(1, static_cast<long>(request.connect_time.count()));
    curl().easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, most);
}

}  // namespace

Result<void> CurlRequest::apply(CURL* easy, const ClientRequest& request,
                                const ProxyEnvironment& environment) {
    const auto to = endpoint_of(request.url);
    if (!to || (to->scheme != "http" && to->scheme != "https")) {
        return fail(ErrorKind::config,
                    "An upstream's URL is not an http or https URL with a host. "
                    "Check the base URL.");
    }
    endpoint_ = to->text();
    connect_time_ = request.connect_time;
    body_ = request.body;
    TRY_DO(check_request(request, endpoint_));
    curl().easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl().easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl().easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl().easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "identity");
    curl().easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    const bool tls = to->scheme == "https";
    set_connection(easy, request, tls);
    TRY_DO(set_headers(easy, request.headers));
    const std::string proxy = choose_proxy(*to, request.proxy, environment);
    TRY_DO(set_proxy(easy, *to, proxy));
    if (request.public_only) {
        TRY_DO(set_guard(easy, proxy));
    }
    if (tls || proxy.starts_with("https:")) {
        TRY_DO(trust(easy, request.ca_file));
    }
    set_body(easy, request);
    return {};
}

Result<void> CurlRequest::set_headers(CURL* easy, const Headers& headers) {
    for (const auto& [name, value] : headers) {
        if (is_set_by_client(name)) continue;
        const bool empty = value.find_first_not_of(" \t") == std::string::npos;
        // libcurl reads "Name:" as "leave that header out" and "Name;" as "send it empty".
        if (!append(empty ? name + ";" : name + ": " + value))
            return fail(ErrorKind::internal, "Out of memory.");
    }
    append("Expect:");
    if (!headers.get("accept")) append("Accept:");
    if (!headers.get("content-type")) append("Content-Type:");
    curl().easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
    return {};
}

bool CurlRequest::append(const std::string& line) {
    curl_slist* longer = curl().slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) return false;
    headers_.release();
    headers_.reset(longer);
    return true;
}

Result<void> CurlRequest::set_proxy(CURL* easy, const Endpoint& to, std::string_view proxy) {
    if (!is_proxy_scheme_known(proxy)) {
        return fail(
            ErrorKind::config,
            fmt::format(
                "The proxy URL for {} has an unknown scheme. Use http, https, socks5 or socks5h.",
                to.text()));
    }
    // Both are always set, so that libcurl does not look into the environment by rules of its own.
    curl().easy_setopt(easy, CURLOPT_PROXY, std::string(proxy).c_str());
    curl().easy_setopt(easy, CURLOPT_NOPROXY, proxy.empty() ? "*" : "");
    if (proxy.empty()) return {};
    const bool bare = proxy.find("://") == std::string_view::npos;
    auto by = endpoint_of(bare ? fmt::format("http://{}", proxy) : std::string(proxy));
    if (!by) {
        return fail(ErrorKind::config,
                    fmt::format("The proxy URL for {} has no valid host and port. Check the "
                                "proxy setting.",
                                to.text()));
    }
    proxy_ = by->text();
    curl().easy_setopt(easy, CURLOPT_PROXYPORT, static_cast<long>(by->port));
    return {};
}

// Looked at where the connection is made, so that no second answer of the DNS slips through.
Result<void> CurlRequest::set_guard(CURL* easy, std::string_view proxy) {
    if (!proxy.empty()) {
        return fail(ErrorKind::permission,
                    fmt::format("{} is not asked: behind the proxy {} nobody here can see whether "
                                "its address is on the open internet.",
                                endpoint_, proxy_));
    }
    // A pooled connection was opened under other rules.
    curl().easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl().easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl().easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlRequest::open_public);
    curl().easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
    return {};
}

curl_socket_t CurlRequest::open_public(void* opaque, curlsocktype, curl_sockaddr* address) {
    auto* self = static_cast<CurlRequest*>(opaque);
    if (!is_public_address(address->addr)) {
        self->met_private_address_ = true;
        return CURL_SOCKET_BAD;
    }
    const curl_socket_t opened = ::socket(address->family, address->socktype, address->protocol);
    if (opened != CURL_SOCKET_BAD) ::fcntl(opened, F_SETFD, FD_CLOEXEC);
    return opened;
}

void CurlRequest::set_body(CURL* easy, const ClientRequest& request) {
    const bool post = request.method == "POST";
    if (!has_body(request)) {
        curl().easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        if (request.method == "HEAD")
            curl().easy_setopt(easy, CURLOPT_NOBODY, 1L);
        else if (request.method != "GET")
            curl().easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
        return;
    }
    curl().easy_setopt(easy, CURLOPT_POST, 1L);
    if (!post) curl().easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl().easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
    in_pieces_ = body_.size() >= kSmallBody || (request.http2 && !body_.empty());
    if (!in_pieces_) {
        rest_ = body_.text();  // libcurl wants it in one piece
        curl().easy_setopt(easy, CURLOPT_POSTFIELDS, rest_.c_str());
        return;
    }
    const long buffer = static_cast<long>(std::clamp(body_.size(), kSmallBody, kMostSendBuffer));
    curl().easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, buffer);
    curl().easy_setopt(easy, CURLOPT_READFUNCTION, &CurlRequest::read_body);
    curl().easy_setopt(easy, CURLOPT_READDATA, this);
    curl().easy_setopt(easy, CURLOPT_SEEKFUNCTION, &CurlRequest::seek_body);
    curl().easy_setopt(easy, CURLOPT_SEEKDATA, this);
}

void CurlRequest::keep_rest_of_body() {
    if (!in_pieces_ || sent_ == body_.size()) return;
    rest_ = body_.text(sent_);
    body_ = rest_;
    sent_ = 0;
}

std::size_t CurlRequest::read_body(char* into, std::size_t size, std::size_t count, void* opaque) {
    auto* self = static_cast<CurlRequest*>(opaque);
    const std::size_t piece = self->body_.copy(into, size * count, self->sent_);
    self->sent_ += piece;
    return piece;
}

int CurlRequest::seek_body(void* opaque, curl_off_t offset, int origin) {
    // Asked for when a pooled connection turns out dead and the request goes out again on a new
    // one, which is before any answer and so before keep_rest_of_body().
    auto* self = static_cast<CurlRequest*>(opaque);
    const bool possible = origin == SEEK_SET && offset >= 0 && self->rest_.empty() &&
                          static_cast<std::size_t>(offset) <= self->body_.size();
    if (!possible) return CURL_SEEKFUNC_FAIL;
    self->sent_ = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
}

}  // namespace ccr::net
