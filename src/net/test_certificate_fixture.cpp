#include "net/test_certificate_fixture.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace ccr::net {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

void add_extension(X509* certificate, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate self_signed(EVP_PKEY* key, const std::string& common_name) {
    Certificate certificate(X509_new(), &X509_free);
    X509* raw = certificate.get();
    X509_set_version(raw, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(raw), 1);
    X509_gmtime_adj(X509_getm_notBefore(raw), -3600);
    X509_gmtime_adj(X509_getm_notAfter(raw), 3600);
    X509_set_pubkey(raw, key);
    X509_NAME* name = X509_get_subject_name(raw);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                               0);
    X509_set_issuer_name(raw, name);
    add_extension(raw, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost,DNS:upstream.test");
    add_extension(raw, NID_basic_constraints, "critical,CA:TRUE");
    if (X509_sign(raw, key, EVP_sha256()) == 0) throw std::runtime_error("no test certificate");
    return certificate;
}

}  // namespace

TestCertificate::TestCertificate() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ccr-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = pattern;
    certificate_file_ = directory_ + "/certificate.pem";
    key_file_ = directory_ + "/key.pem";
    const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Certificate certificate =
        self_signed(key.get(), std::filesystem::path(directory_).filename().string());
    {
        const File file(std::fopen(certificate_file_.c_str(), "w"), &std::fclose);
        PEM_write_X509(file.get(), certificate.get());
        const File key_file(std::fopen(key_file_.c_str(), "w"), &std::fclose);
        PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }
    server_ = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(server_, certificate.get());
    SSL_CTX_use_PrivateKey(server_, key.get());
}

TestCertificate::~TestCertificate() {
    SSL_CTX_free(server_);
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

}  // namespace ccr::net
