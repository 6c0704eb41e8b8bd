#include "net/tls_session.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

namespace ccr::net {
namespace {

constexpr std::size_t kSealedAtOnce = std::size_t{64} * 1024;

}  // namespace

TlsSession::TlsSession(const TlsContext& context)
    : context_(context), tls_(SSL_new(context.get())) {
    SSL_set_bio(tls_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(tls_);
}

TlsSession::~TlsSession() {
    SSL_free(tls_);
}

void TlsSession::take_received(std::size_t count) {
    BIO_write(SSL_get_rbio(tls_), room_.data(), static_cast<int>(count));
}

TlsSession::Handshake TlsSession::go_on() {
    ERR_clear_error();
    const int result = SSL_do_handshake(tls_);
    if (result == 1) return Handshake::done;
    const int what = SSL_get_error(tls_, result);
    if (what == SSL_ERROR_WANT_READ || what == SSL_ERROR_WANT_WRITE) return Handshake::unfinished;
    const bool is_http = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
    failure_ = why_failed();
    return is_http ? Handshake::plain_http : Handshake::failed;
}

std::string TlsSession::why_failed() const {
    const char* text = ERR_reason_error_string(ERR_peek_error());
    std::string out = text == nullptr ? "broken off" : text;
    ERR_clear_error();
    const long verdict = SSL_get_verify_result(tls_);
    if (verdict != X509_V_OK) out += std::string(": ") + X509_verify_cert_error_string(verdict);
    return out;
}

TlsSession::Opened TlsSession::open(asio::mutable_buffer to, std::size_t& count) {
    ERR_clear_error();
    count = 0;
    if (SSL_read_ex(tls_, to.data(), to.size(), &count) == 1) return Opened::bytes;
    const int what = SSL_get_error(tls_, 0);
    ERR_clear_error();
    return what == SSL_ERROR_WANT_READ ? Opened::more : Opened::end;
}

std::size_t TlsSession::seal(asio::const_buffer plain) {
    ERR_clear_error();
    std::size_t taken = 0;
    const std::size_t most = std::min(plain.size(), kSealedAtOnce);
    if (SSL_write_ex(tls_, plain.data(), most, &taken) == 1) return taken;
    ERR_clear_error();
    return 0;
}

void TlsSession::seal_end() {
    ERR_clear_error();
    SSL_shutdown(tls_);
    ERR_clear_error();
}

std::string TlsSession::take_outgoing() {
    BIO* out = SSL_get_wbio(tls_);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string bytes(data, size > 0 ? static_cast<std::size_t>(size) : 0);
    BIO_reset(out);
    return bytes;
}

}  // namespace ccr::net
