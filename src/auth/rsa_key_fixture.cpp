#include "auth/rsa_key_fixture.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace ccr::auth::fixture {

struct RsaKey::Handle {
    EVP_PKEY* key = EVP_RSA_gen(2048);
    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { EVP_PKEY_free(key); }
};

RsaKey::RsaKey() : handle_(std::make_unique<Handle>()) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, handle_->key, nullptr, nullptr, 0, nullptr, nullptr);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    pem_.assign(bytes, static_cast<std::size_t>(size));
    BIO_free(bio);
}

RsaKey::~RsaKey() = default;

bool RsaKey::signed_by(std::string_view text, std::string_view signature) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool good =
        EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, handle_->key) == 1 &&
        EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()),
                         signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                         text.size()) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

}  // namespace ccr::auth::fixture
