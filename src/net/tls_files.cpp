#include "net/tls_files.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace ccr::net {
namespace {

using File = TlsFault::File;
constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr std::string_view kSessions = "ccr";

std::unexpected<TlsFault> unusable(File file, std::string message) {
    return std::unexpected(TlsFault{file, std::move(message)});
}

// OpenSSL's own words; the queue is left empty.
std::string reason() {
    const unsigned long code = ERR_peek_error();
    const char* text = ERR_reason_error_string(code);
    std::string out = text == nullptr ? "unknown reason" : text;
    ERR_clear_error();
    return out;
}

// Why a file cannot even be read; "" when it can.
std::string unreadable(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                               &std::fclose);
    std::array<char, 1> first{};
    if (file && (std::fread(first.data(), 1, 1, file.get()) == 1 || std::ferror(file.get()) == 0))
        return {};
    return fmt::format("{} cannot be read: {}", path, std::strerror(errno));
}

// A key that is encrypted would be asked for on a terminal.
int refuse_to_ask(char* /*to*/, int /*size*/, int /*for_writing*/, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

int choose_http11(SSL* /*tls*/, const unsigned char** chosen, unsigned char* length,
                  const unsigned char* offered, unsigned int size, void* /*data*/) {
    unsigned char* found = nullptr;
    const int result =
        SSL_select_next_proto(&found, length, kHttp11.data(), kHttp11.size(), offered, size);
    if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

TlsContext new_context() {
    TlsContext context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    SSL_CTX* raw = context.get();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(raw, reinterpret_cast<const unsigned char*>(kSessions.data()),
                                   kSessions.size());
    SSL_CTX_set_alpn_select_cb(raw, choose_http11, nullptr);
    return context;
}

std::expected<void, TlsFault> check_time(X509* certificate, const std::string& path) {
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
        return unusable(File::certificate,
                        fmt::format("the certificate in {} has expired; renew it", path));
    }
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
        return unusable(File::certificate, fmt::format("the certificate in {} is not valid yet; "
                                                       "check it and this machine's clock",
                                                       path));
    }
    return {};
}

std::expected<void, TlsFault> use_certificate(SSL_CTX* context, const std::string& path) {
    if (std::string why = unreadable(path); !why.empty())
        return unusable(File::certificate,
                        why + "; name the PEM file of the certificate and let ccr's user read it");
    if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) != 1) {
        return unusable(File::certificate,
                        fmt::format("{} holds no certificate ({}); it should be a PEM file, the "
                                    "server's certificate first",
                                    path, reason()));
    }
    return check_time(SSL_CTX_get0_certificate(context), path);
}

std::expected<void, TlsFault> use_key(SSL_CTX* context, const TlsFiles& files) {
    const std::string& path = files.key;
    if (std::string why = unreadable(path); !why.empty())
        return unusable(File::key,
                        why + "; name the PEM file of the private key and let ccr's user read it");
    bool is_encrypted = false;
    SSL_CTX_set_default_passwd_cb(context, refuse_to_ask);
    SSL_CTX_set_default_passwd_cb_userdata(context, &is_encrypted);
    const bool used = SSL_CTX_use_PrivateKey_file(context, path.c_str(), SSL_FILETYPE_PEM) == 1 &&
                      SSL_CTX_check_private_key(context) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    if (used) return {};
    const int code = ERR_GET_REASON(ERR_peek_error());
    const int library = ERR_GET_LIB(ERR_peek_error());
    const std::string why = reason();
    if (library == ERR_LIB_X509 && code == X509_R_KEY_VALUES_MISMATCH) {
        return unusable(File::key, fmt::format("the key in {} is not that of the certificate in "
                                               "{}; name the pair that belongs together",
                                               path, files.certificate));
    }
    if (is_encrypted) {
        return unusable(File::key, fmt::format("the key in {} is encrypted; `openssl pkey -in {} "
                                               "-out FILE` writes it without its passphrase",
                                               path, path));
    }
    return unusable(File::key, fmt::format("{} holds no private key ({}); it should be a PEM file "
                                           "with the certificate's key",
                                           path, why));
}

std::expected<void, TlsFault> ask_clients(SSL_CTX* context, const std::string& path) {
    if (std::string why = unreadable(path); !why.empty())
        return unusable(File::client_ca, why +
                                             "; name the PEM file of the authority that signs "
                                             "clients' certificates, and let ccr's user read it");
    STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(path.c_str());
    if (names == nullptr || SSL_CTX_load_verify_file(context, path.c_str()) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return unusable(File::client_ca,
                        fmt::format("{} holds no certificate ({}); it should be the PEM file of "
                                    "the authority that signs clients' certificates",
                                    path, reason()));
    }
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return {};
}

}  // namespace

std::expected<TlsContext, TlsFault> read_tls_files(const TlsFiles& files) {
    ERR_clear_error();
    TlsContext context = new_context();
    auto done = use_certificate(context.get(), files.certificate);
    if (done) done = use_key(context.get(), files);
    if (done && !files.client_ca.empty()) done = ask_clients(context.get(), files.client_ca);
    if (!done) return std::unexpected(std::move(done).error());
    return context;
}

}  // namespace ccr::net
